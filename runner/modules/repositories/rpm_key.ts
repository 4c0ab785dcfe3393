import * as z from 'zod';
import { argv, raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { TAKE, takenOf } from '../path/taken.ts';
import { byProgram, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { fetchTo } from './key-file.ts';
import { keyId, publicKeys } from './openpgp.ts';
import type { PublicKey } from './openpgp.ts';

const ID = /^(?:0x)?[0-9a-f]{8,64}$/i;

const args = z
  .strictObject({
    key: z
      .string()
      .regex(
        /^(?:https?:\/\/\S+|\/.+|(?:0x)?[0-9a-fA-F]{8,64})$/,
        'expected an address, an absolute path on the host, or an id',
      )
      .describe('The key: an address, a path on the host, or with `state: absent` its id.'),
    state: z.enum(['present', 'absent']).default('present').describe("Whether rpm's database holds the key."),
    fingerprint: words.optional().describe('Fingerprints of which the key must have one; otherwise it is refused.'),
    validate_certs: flag.default(true).describe('Refuse a server whose certificate cannot be verified.'),
  })
  .refine(({ key, state }) => state === 'absent' || !ID.test(key), {
    path: ['key'],
    message: 'an id is for state: absent',
  });

type Args = z.output<typeof args>;

interface State {
  /** Ids of the keys in rpm's database, lower-case: the last 8 digits, or more. */
  installed: string[];
  /** What the address or the file holds; absent where an id was given. */
  content?: Buffer;
  keys: PublicKey[];
}

export default defineModule<typeof args, State | Lacking>({
  name: 'rpm_key',
  summary: "Manage a key in rpm's database",
  notes: ['A key that is given by its address is fetched to see which it is, in a check too.'],
  examples: `
- rpm_key: {key: 'https://download.docker.com/linux/centos/gpg'}
- rpm_key: {key: 621e9f35, state: absent}
`,
  args,
  traits: { readsElsewhere: true },
  ...byProgram<Args, State>(
    { command: 'rpm', from: 'the package rpm' },
    { probe: (args) => probe(args), parse, decide },
  ),
});

/** Asks for the keys and, behind them, for rpm itself: where that line is missing the list was cut off. */
function probe({ key, validate_certs: verify }: Args): Script {
  const read = ID.test(key)
    ? raw(':')
    : key.startsWith('/')
      ? sh`[ -r ${key} ] || { echo ${`${key} is not there, or may not be read`} >&2; exit 1; }; _take ${key} || exit`
      : sh`${fetchTo(key, verify)}
_take "$t" || exit`;
  return sh`${raw(TAKE)}
i=$(rpm -q gpg-pubkey rpm --qf '%{NAME} %{VERSION}\\n') || [ $? -lt 126 ] || exit
printf '%s\\n' "$i"
${read}`;
}

/** What rpm prints of itself. */
const LAST = /^(?:rpm \S+|package rpm is not installed)$/m;

function parse(stdout: string, { key }: Args): State {
  const end = LAST.exec(stdout);
  if (!end) throw new Error('rpm printed only a part of its keys');
  const installed = linesOf(stdout.slice(0, end.index)).flatMap((line) => {
    if (line === 'package gpg-pubkey is not installed') return [];
    const [, id] = /^gpg-pubkey (\S+)$/.exec(line) ?? [];
    if (id === undefined) throw new Error(`expected the id of a key, found '${line}'`);
    return [id.toLowerCase()];
  });
  if (ID.test(key)) return { installed, keys: [] };
  const content = takenOf(stdout.slice(end.index));
  return { installed, content, keys: publicKeys(content) };
}

function decide({ key, state: wanted, fingerprint }: Args, { installed, content, keys }: State): Decision<State> {
  const foreign = fingerprint && keys.find((one) => !fingerprint.some((print) => keyId(print) === one.fingerprint));
  if (foreign)
    return {
      kind: 'fail',
      message: `the key of ${key} has the fingerprint ${foreign.fingerprint}; expected ${fingerprint.map(keyId).join(' or ')}`,
      hint: 'Correct the fingerprint, or get the right key.',
    };
  const ids = content === undefined ? [keyId(key)] : keys.map((one) => one.fingerprint);
  const idIn = (id: string) =>
    installed.find((one) => id.endsWith(one.toUpperCase()) || one.toUpperCase().endsWith(id));
  if (wanted === 'present') {
    const missing = ids.filter((id) => idIn(id) === undefined);
    if (missing.length === 0) return { kind: 'ok' };
    return {
      kind: 'change',
      diff: missing.map((id) => ({ what: `rpm key ${id}`, before: null, after: 'present' })),
      steps: [{ do: 'run', script: withStdin(argv('rpm', '--import', '/dev/stdin'), content as Buffer) }],
    };
  }
  const found = ids.map(idIn).filter((id) => id !== undefined);
  if (found.length === 0) return { kind: 'ok' };
  return {
    kind: 'change',
    diff: found.map((id) => ({ what: `rpm key ${id}`, before: 'present', after: null })),
    steps: [{ do: 'run', script: sh`rpm -e --allmatches ${found.map((id) => `gpg-pubkey-${id}`)}` }],
  };
}
