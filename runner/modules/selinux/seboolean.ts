import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { differing, onOff } from '../shared/attribute.ts';
import { byProgram, lacking } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { ENABLED, refuseDisabled } from './enabled.ts';

const args = z.strictObject({
  name: z.string().regex(/^\w+$/, 'expected the name of a boolean').describe('Name of the boolean.'),
  state: flag.describe('Whether it is on.'),
  persistent: flag.default(false).describe('Whether that is so after a boot, too.'),
  ignore_selinux_state: flag.default(false).describe('Work on a host where SELinux is disabled, as for a chroot.'),
});

type Args = z.output<typeof args>;

interface State {
  enabled: boolean;
  /** `on` or `off`; undefined where the policy has no such boolean, or SELinux is disabled. */
  now?: string;
  /** What the next boot gives; read only where it is asked for. */
  kept?: string;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'seboolean',
  summary: 'Manage a boolean of SELinux',
  notes: ['Not run in the lab, whose hosts have no SELinux.'],
  examples: `
- seboolean: {name: httpd_can_network_connect, state: true, persistent: true}
`,
  returns: { name: 'Its name.', state: 'Its value.', persistent: 'Whether it is kept over a boot.' },
  args,
  ...byProgram<Args, State>(
    ({ persistent }) =>
      persistent
        ? { command: 'semanage', from: 'policycoreutils-python-utils' }
        : { command: 'getsebool', from: 'libselinux-utils' },
    {
      probe: ({ name, persistent }) => sh`${ENABLED}
if [ -e /sys/fs/selinux/enforce ]; then o=$(getsebool ${name} 2>&1); case $o in ${name}' --> '*) echo "now=\${o##*--> }";; *SELinux*isabled*|*'rror getting active'*) ;; *) echo "$o" >&2; exit 1;; esac; fi
${persistent && sh`l=$(semanage boolean -l -n) || exit; printf '%s\n' "$l" | B=${name} awk '$1 == ENVIRON["B"] { gsub(/[(),]/, " "); print "kept=" $3 }'`}`,
      parse(stdout, { name, persistent }) {
        const value = (key: string) => new RegExp(`^${key}=(\\w+)`, 'm').exec(stdout)?.[1];
        const [now, kept] = [value('now'), value('kept')];
        if (persistent && now && !/^o(n|ff)$/.test(kept ?? ''))
          throw new Error(`semanage did not say what ${name} is after a boot`);
        return { enabled: value('selinux') === 'yes', ...(now && { now }), ...(kept && { kept }) };
      },
      decide,
    },
  ),
});

function decide(args: Args, { enabled, now, kept }: State, context: DecideContext): Decision<State> {
  const refused = refuseDisabled(enabled, args.ignore_selinux_state);
  if (refused) return refused;
  const { name, state, persistent } = args;
  const result = { name, state, persistent };
  if (now === undefined && kept === undefined)
    return lacking(context, `the policy of this host has no boolean ${name}`, '`getsebool -a` lists them.');
  const script = argv('setsebool', persistent && '-P', name, state ? 'on' : 'off');
  const wanted = onOff(state);
  const { diff, steps } = differing([
    { what: `${name}`, found: now, wanted: enabled ? wanted : undefined, script },
    { what: `${name} after a boot`, found: kept, wanted: persistent ? wanted : undefined, script },
  ]);
  if (diff.length === 0) return { kind: 'ok', result };
  return { kind: 'change', diff, steps, result };
}
