import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision, Step } from '../../model/module.ts';
import { byProgram, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { ENABLED, refuseDisabled } from './enabled.ts';

const ports = z
  .union([text.transform((one) => one.split(',').map((word) => word.trim())), z.array(text)], 'expected ports')
  .refine(
    (all) => all.length > 0 && all.every((one) => /^\d+(-\d+)?$/.test(one)),
    'expected ports or ranges such as 8000-8100',
  );

const args = z.strictObject({
  ports: ports.describe('Ports, and ranges such as `8000-8100`.'),
  proto: z.enum(['tcp', 'udp']).describe('The protocol.'),
  setype: z
    .string()
    .regex(/^\w+$/, 'expected a type such as http_port_t')
    .describe('The type that SELinux gives the ports.'),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Absent: what was added or changed on this host is taken back.'),
  local: flag
    .default(false)
    .describe('Look only at what was changed on this host, not at what the policy itself says.'),
  reload: flag.default(true).describe('Load the policy after a change.'),
  ignore_selinux_state: flag.default(false).describe('Work on a host where SELinux is disabled, as for a chroot.'),
});

type Args = z.output<typeof args>;

interface State {
  enabled: boolean;
  /** Types by port or range, of the protocol. */
  all: Record<string, string>;
  /** Those that were changed on this host. */
  own: Record<string, string>;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'seport',
  summary: 'Manage the type that SELinux gives to ports',
  notes: ['Not run in the lab, whose hosts have no SELinux.'],
  examples: `
- seport: {ports: 8888, proto: tcp, setype: http_port_t}
`,
  returns: { ports: 'The ports.', proto: '`tcp` or `udp`.', setype: 'Their type.', state: '`present` or `absent`.' },
  args,
  ...byProgram<Args, State>(
    { command: 'semanage', from: 'policycoreutils-python-utils' },
    {
      probe: () => sh`${ENABLED}
a=$(semanage port -l -n) && l=$(semanage port -l -n -C) || exit
printf '%s\\n' "$a" | sed 's/^/all /'; printf '%s\\n' "$l" | sed 's/^/own /'`,
      parse: (stdout, { proto }) => ({
        enabled: linesOf(stdout)[0] === 'selinux=yes',
        all: typesOf(stdout, 'all', proto),
        own: typesOf(stdout, 'own', proto),
      }),
      decide,
    },
  ),
});

/** Lines such as `all http_port_t  tcp  80, 81, 8000-8010`. */
function typesOf(stdout: string, which: string, proto: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of linesOf(stdout)) {
    const [, title, type = '', of, list = ''] = /^(\w+) (\S+)\s+(tcp|udp|sctp|dccp)\s+(.*)$/.exec(line) ?? [];
    if (title === which && of === proto) for (const port of list.split(/,\s*/)) found[port.trim()] ??= type;
  }
  return found;
}

function decide(args: Args, { enabled, all, own }: State): Decision<State> {
  const refused = refuseDisabled(enabled, args.ignore_selinux_state);
  if (refused) return refused;
  const { proto, setype, state } = args;
  const known = args.local ? own : all;
  const result = { ports: args.ports, proto, setype, state };
  const wrong = args.ports.filter((port) => (state === 'present' ? known[port] !== setype : own[port] === setype));
  if (wrong.length === 0) return { kind: 'ok', result };
  const reload = !args.reload && '-N';
  const steps = wrong.map((port): Step => {
    const words =
      state === 'absent'
        ? argv('semanage', 'port', reload, '-d', '-p', proto, port)
        : argv('semanage', 'port', reload, all[port] === undefined ? '-a' : '-m', '-t', setype, '-p', proto, port);
    return { do: 'run', script: words };
  });
  const diff = wrong.map((port) => ({
    what: `${proto} port ${port}`,
    before: known[port] ?? null,
    after: state === 'present' ? setype : null,
  }));
  return { kind: 'change', diff, steps, result };
}
