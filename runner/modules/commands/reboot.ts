import * as z from 'zod';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { seconds, words } from '../../model/arguments/scalars.ts';
import { elapsedIn, pausing } from '../shared/waiting.ts';
import { defineModule } from '../../model/module.ts';
import type { Step } from '../../model/module.ts';

const args = z.strictObject({
  msg: z.string().default('Reboot initiated by xrun').describe('The message to users who are logged in.'),
  reboot_timeout: seconds
    .default(600)
    .describe('Seconds within which the host must have booted, answer again and pass `test_command`.'),
  pre_reboot_delay: seconds.default(0).describe('Seconds to wait before; users get the message at their beginning.'),
  post_reboot_delay: seconds.default(0).describe('Seconds to wait after the host is back.'),
  test_command: z
    .string()
    .min(1)
    .default('whoami')
    .describe('Shell text that must succeed before the host counts as back.'),
  boot_time_command: z
    .string()
    .min(1)
    .default('cat /proc/sys/kernel/random/boot_id')
    .describe('Shell text whose output differs from boot to boot.'),
  reboot_command: z
    .string()
    .min(1)
    .optional()
    .describe('Shell text that reboots the host; where not given, `shutdown` or `reboot`.'),
  search_paths: words
    .default(['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'])
    .describe('Where `shutdown` and `reboot` are looked for besides the PATH.'),
});

type Args = z.output<typeof args>;

interface State {
  /** What distinguishes this boot from others; empty where the host does not know. */
  boot: string;
}

export default defineModule<typeof args, State>({
  name: 'reboot',
  summary: 'Reboot the host and wait until it is back',
  traits: { opaque: true },
  notes: [
    'It counts as back when a fresh log-in shows another boot and `test_command` succeeds there. Until then no task runs on the host; one that does not come back is unreachable.',
    'It reboots every time: use `when`, or a handler.',
    'The machine that xrun itself runs on is refused.',
  ],
  examples: `
- name: The new kernel runs
  reboot:
    reboot_timeout: 300
    test_command: systemctl is-system-running --wait
  when: kernel.changed
`,
  returns: { rebooted: 'Whether it went down and came up again.', elapsed: 'Seconds that it took.' },
  args,
  probeMayFail: true,
  probe: ({ boot_time_command: command }) => raw(command),
  parse: ({ rc, stdout }) => ({ boot: rc === 0 ? stdout.trim() : '' }),
  decide(args, { boot }, context) {
    if (context.controller)
      return {
        kind: 'fail',
        message: 'this would reboot the machine that xrun runs on',
        hint: 'Log in to the host by SSH instead of `connection: local`.',
      };
    if (boot === '')
      return {
        kind: 'fail',
        message: `one boot of this host cannot be distinguished from another: '${args.boot_time_command}' printed nothing`,
        hint: 'Give a boot_time_command that the host knows.',
      };
    return {
      kind: 'change',
      diff: [{ what: 'host', before: `booted as ${boot}`, after: 'rebooted' }],
      steps: stepsFor(args, boot),
      result: { rebooted: true },
    };
  },
  result: (_args, steps) => elapsedIn(steps),
});

function stepsFor(args: Args, boot: string): Step[] {
  const { msg, pre_reboot_delay: before, post_reboot_delay: after, reboot_timeout: timeout } = args;
  return [
    ...(before > 0 ? [{ do: 'run' as const, script: sh`wall ${msg} 2>/dev/null || :` }, ...pausing(before)] : []),
    { do: 'run', script: rebooting(args), mayLose: true },
    { do: 'reconnect', timeout, until: isBack(args, boot) },
    ...pausing(after),
  ];
}

/** Small hosts have no shutdown. */
function rebooting({ msg, reboot_command: command, search_paths: paths }: Args): Script {
  if (command !== undefined) return raw(command);
  return sh`PATH=$PATH:${paths.join(':')}
if command -v shutdown >/dev/null; then ${argv('shutdown', '-r', 'now', msg)}; else reboot; fi`;
}

/** A host that goes down still answers for a while. */
function isBack({ boot_time_command: now, test_command: test }: Args, boot: string): Script {
  return sh`now=$(${raw(now)}) || exit
[ "$now" != ${boot} ] || { echo 'it has not gone down' >&2; exit 1; }
( ${raw(test)} )`;
}
