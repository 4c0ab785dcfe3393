import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision, Result, Step } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import { WHOLE } from '../shared/whole.ts';

/** RFC 1123's labels; the kernel keeps at most 64 characters. */
const NAME =
  /^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

const args = z.strictObject({
  name: z
    .string()
    .regex(NAME, 'expected the name of a host: letters, digits and hyphens, dots between')
    .describe('The name.'),
  use: z
    .enum(['systemd', 'debian', 'alpine', 'generic'])
    .optional()
    .describe(
      'How the name is kept: by `hostnamectl`; in /etc/hostname (`debian`, `alpine`); not at all, only the running host gets it (`generic`). Where not given, the host decides.',
    ),
});

type Args = z.output<typeof args>;

interface State {
  /** Whether hostnamectl can be used. */
  systemd: boolean;
  /** The name that the kernel reports. */
  current: string;
  /** The name that the next boot gives, from /etc/hostname. */
  kept?: string;
}

const FILE = '/etc/hostname';

export default defineModule<typeof args, State>({
  name: 'hostname',
  summary: "Set the host's name, now and for the next boot",
  notes: [
    '/etc/hosts is left alone: where it names the host, see to it with lineinfile.',
    'The facts of a run are not changed: gather them again (setup) for the new name.',
  ],
  examples: `
- hostname:
    name: "{{inventory_hostname}}"
`,
  returns: { name: 'The name.', ansible_facts: 'The facts of the name as they are now.' },
  args,
  resource: () => 'hostname',
  probe: () =>
    raw(`if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then echo systemd=yes; fi
${WHOLE}
_whole uname -n || exit; echo "current=$_o"
[ ! -e ${FILE} ] || while IFS= read -r l || [ "$l" ]; do case $l in ''|'#'*) ;; *) echo "kept=$l"; break;; esac; done <${FILE} || exit; echo end=.`),
  parse({ stdout }) {
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1]?.trim();
    const [kept, current] = [value('kept'), value('current')];
    if (!current || value('end') !== '.')
      throw new Error('expected the name of the host from uname, and /etc/hostname');
    return { systemd: value('systemd') === 'yes', current, ...(kept && { kept }) };
  },
  decide,
  prove: true,
});

function decide(args: Args, state: State): Decision<State> {
  const { name, use } = args;
  if (use === 'systemd' && !state.systemd)
    return {
      kind: 'fail',
      message: 'this host has no systemd with hostnamectl',
      hint: 'Leave `use` out: then /etc/hostname is written.',
    };
  const systemd = use === undefined ? state.systemd : use === 'systemd';
  const keeps = use !== 'generic';
  const kept = {
    what: FILE,
    found: state.kept,
    wanted: keeps ? name : undefined,
    script: sh`hostnamectl --static set-hostname ${name}`,
  };
  const current = {
    what: 'hostname',
    found: state.current,
    wanted: name,
    script: systemd ? sh`hostnamectl --transient set-hostname ${name}` : setNow(name),
  };
  const { diff, steps } = differing([kept, current]);
  if (diff.length === 0) return { kind: 'ok', result: resultOf(name) };
  const write: Step = {
    do: 'put',
    file: { path: FILE, content: Buffer.from(`${name}\n`), ...(state.kept === undefined && { mode: '0644' }) },
  };
  const written = !systemd && keeps && state.kept !== name;
  const all = written ? [write, ...steps.slice(1)] : steps;
  return {
    kind: 'change',
    diff,
    steps: all,
    after: { ...state, current: name, ...(keeps && { kept: name }) },
    result: resultOf(name),
  };
}

/** Small hosts may lack the command. */
function setNow(name: string) {
  return sh`if command -v hostname >/dev/null; then hostname ${name}; else echo ${name} >/proc/sys/kernel/hostname; fi`;
}

function resultOf(name: string): Result {
  const [first, ...domain] = name.split('.');
  return { name, ansible_facts: { ansible_hostname: first, ansible_nodename: name, ansible_domain: domain.join('.') } };
}
