import type { Mounted } from './mountinfo.ts';
import { optionOf } from './options.ts';
import type { OptionDrift } from './options.ts';
import type { MountState } from './mount-state.ts';
import { valuesOf } from './words.ts';

/** Types that the kernel shows by another name than mount(8) takes. */
const SHOWN_AS: Record<string, string[]> = {
  nfs: ['nfs4'],
  nfs4: ['nfs'],
  cifs: ['smb3'],
  smb3: ['cifs'],
  ntfs: ['fuseblk'],
  'ntfs-3g': ['fuseblk'],
  exfat: ['fuseblk'],
  davfs: ['fuse'],
};

/** Whether a type is the one that the kernel shows. */
export function sameType(found: string, wanted: string): boolean {
  if (found === wanted || wanted === 'auto') return true;
  // Helpers of FUSE are called by their own name, by fuse.NAME, or by fuse with the name in the source.
  return (
    found === `fuse.${wanted}` ||
    (wanted === 'fuse' && found.startsWith('fuse')) ||
    (SHOWN_AS[wanted]?.includes(found) ?? false)
  );
}

/** Whether the source of a task is what is mounted: by its name, by what links and tags lead to, or by the device's number. */
export function sameSource(src: string, state: MountState, found: Mounted): boolean {
  if (state.same && state.source === 'block') return true;
  const shown = [found.source, state.found ?? found.source];
  return [src, state.wanted ?? src].some((one) => shown.some((other) => named(one) === named(other)));
}

/** Shares of other hosts: a slash at the end is none, names of SMB have either slash and any case; sshfs has its name in front. */
function named(source: string): string {
  const name = source.replace(/^sshfs#/, '').replace(/(?<=[^:/])\/+$/, '');
  return /^(\/\/|\\\\)/.test(name) ? name.replaceAll('\\', '/').toLowerCase() : name;
}

/** Another subvolume than the wanted, which no remount changes. The kernel shows its path from the top. */
export function sameVolume(opts: string, shown: readonly string[]): OptionDrift | undefined {
  const wanted = optionOf(opts, 'subvol');
  const found = valuesOf(shown).get('subvol');
  const bare = (name: string) => name.replace(/^\/*(.*?)\/*$/, '$1');
  if (wanted === undefined || found === undefined || bare(wanted) === bare(found)) return undefined;
  return { name: 'subvol', found, wanted };
}
