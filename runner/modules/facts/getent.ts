import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { byProgram, lacking, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { WHOLE } from '../shared/whole.ts';

/** Databases of getent(1). */
const DATABASES = [
  'ahosts',
  'aliases',
  'ethers',
  'group',
  'gshadow',
  'hosts',
  'netgroup',
  'networks',
  'passwd',
  'protocols',
  'rpc',
  'services',
  'shadow',
];
/** Those whose fields have colons between them; the others have blanks. */
const COLONS = ['passwd', 'shadow', 'group', 'gshadow'];
/** Those whose second field is a password's hash. */
const SECRET = ['shadow', 'gshadow'];

const args = z.strictObject({
  database: z
    .string()
    .regex(/^\w+$/, 'expected the name of a database, such as passwd')
    .describe('The database: passwd, group, hosts, services and the like.'),
  key: text.optional().describe('The entry to read; all where not given.'),
  service: z
    .string()
    .regex(/^\w+$/)
    .optional()
    .describe('The source to ask instead of those of nsswitch.conf, such as files.'),
  split: z
    .string()
    .min(1)
    .optional()
    .describe('What is between the fields; a colon for passwd, group, shadow and gshadow, otherwise blanks.'),
  fail_key: flag.default(true).describe('Fail where the key is not found; otherwise its value is null.'),
});

type Args = z.output<typeof args>;

interface State {
  /** getent's exit status: 0, or 1 to 3, see getent(1). */
  rc: number;
  lines: string[];
}

const WHY: Record<number, string> = {
  1: 'the database is unknown',
  2: 'the key was not found in the database',
  3: 'this database cannot be listed; name a key',
};

export default defineModule<typeof args, State | Lacking>({
  name: 'getent',
  summary: 'Read entries of the databases of users, groups, hosts and services, as facts',
  notes: [
    'They are in `ansible_facts.getent_DATABASE` and in the variable `getent_DATABASE`: by key the list of the other fields.',
  ],
  examples: `
- getent: {database: passwd, key: root}
- debug:
    msg: "root's home is {{getent_passwd.root.[4]}}"
`,
  returns: { ansible_facts: '`getent_NAME`: the entries by their keys, each a list of fields.' },
  args,
  traits: { addsFacts: DATABASES.map((name) => `getent_${name}`) },
  secrets: ({ database }, state) =>
    SECRET.includes(database) && state && 'lines' in state
      ? state.lines.map((line) => line.split(':')[1] as string).filter((hash) => hash.length > 2)
      : [],
  ...byProgram<Args, State>(
    { command: 'getent', from: 'libc-bin (Debian), glibc-common (Red Hat) or musl-utils (Alpine)' },
    {
      probe: ({ database, key, service }) =>
        sh`${raw(WHOLE)}
_whole getent ${service !== undefined && ['-s', service]} -- ${database} ${key}; r=$?
case $r in 0|1|2|3) ;; *) echo "getent ended with $r" >&2; exit 1;; esac; echo "rc=$r"; printf '%s\\n' "$_o"`,
      parse(stdout, { key }) {
        const [first = '', ...lines] = linesOf(stdout);
        if (!/^rc=[0-3]$/.test(first)) throw new Error('expected the exit status of getent');
        if (first === 'rc=0' && lines.length === 0 && key !== undefined)
          throw new Error(`getent found ${key} and printed nothing of it`);
        return { rc: Number(first.slice(3)), lines };
      },
      decide,
    },
  ),
});

function decide(
  { database, key, split, fail_key }: Args,
  { rc, lines }: State,
  context: DecideContext,
): Decision<State> {
  const facts = (entries: Record<string, unknown>) =>
    ({ kind: 'ok', result: { ansible_facts: { [`getent_${database}`]: entries } } }) as const;
  if (rc === 2 && key !== undefined && !fail_key) return facts({ [key]: null });
  const message = `getent ${[database, key].filter(Boolean).join(' ')}: ${WHY[rc]}`;
  if (rc === 2) return lacking(context, message, 'Use `fail_key: false` where it may be missing.');
  if (rc !== 0) return { kind: 'fail', message };
  const entries: Record<string, unknown> = {};
  const times: Record<string, number> = {};
  for (const line of lines) {
    const [name = '', ...rest] = fieldsOf(line, split ?? (COLONS.includes(database) ? ':' : undefined));
    const n = (times[name] = (times[name] ?? 0) + 1);
    // An address may have several lines: from the second on, a list of them, as in Ansible.
    entries[name] = n === 1 ? rest : n === 2 ? [entries[name], rest] : [...(entries[name] as unknown[]), rest];
  }
  return facts(entries);
}

const fieldsOf = (line: string, split: string | undefined) =>
  split === undefined ? line.trim().split(/\s+/) : line.split(split);
