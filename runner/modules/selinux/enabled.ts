import { raw } from '../../model/script.ts';
import type { Decision } from '../../model/module.ts';

/** Prints `selinux=yes` where the kernel enforces or logs by SELinux. */
export const ENABLED = raw('if [ -e /sys/fs/selinux/enforce ]; then echo selinux=yes; else echo selinux=no; fi');

/** What a module says on a host without SELinux; undefined where it is there, or that is to be ignored. */
export function refuseDisabled(enabled: boolean, ignore: boolean): Extract<Decision, { kind: 'fail' }> | undefined {
  if (enabled || ignore) return undefined;
  return {
    kind: 'fail',
    message: 'SELinux is disabled on this host',
    hint: 'Leave the task out there (`when`), or use `ignore_selinux_state: true`.',
  };
}
