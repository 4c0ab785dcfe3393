import * as z from 'zod';
import { quote, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, ProbeResult, Step } from '../../model/module.ts';
import { lacking } from '../shared/program.ts';
import { fetchKey, keyFile } from './key-file.ts';
import { isKey, keyId, publicKeys } from './openpgp.ts';
import type { PublicKey } from './openpgp.ts';
import { parseFiles, probeTexts } from './texts.ts';

const DIRECTORY = '/etc/apt/trusted.gpg.d';

const args = z
  .strictObject({
    id: text
      .refine((id) => /^[0-9A-F]{8,64}$/.test(keyId(id)), 'expected 8 or more hexadecimal digits')
      .optional()
      .describe('Id of the key: its fingerprint, or at least the last 8 digits of it.'),
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'expected an address of HTTP or HTTPS')
      .optional()
      .describe('Where to fetch the key.'),
    data: z.string().optional().describe('The armored key itself.'),
    file: path.optional().describe('A file of the host that holds the key.'),
    keyserver: text.optional().describe('A key server to fetch it from, by `id`; needs gpg on the host.'),
    keyring: path.optional().describe('The file to put the key into; one in /etc/apt/trusted.gpg.d where not given.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether apt trusts the key.'),
    validate_certs: flag.default(true).describe('Refuse a server whose certificate cannot be verified.'),
  })
  .refine(
    ({ id, url, data, file, keyserver }) =>
      [url, data, file, keyserver].filter((one) => one !== undefined).length === 1 ||
      (id !== undefined && !url && !data && !file && !keyserver),
    'give the id, and one of url, data, file and keyserver where the key is to be added',
  )
  .refine(({ id, keyserver }) => keyserver === undefined || id !== undefined, 'keyserver needs the id')
  .refine(({ data }) => data === undefined || keysIn(Buffer.from(data)).length > 0, {
    path: ['data'],
    message: 'expected an armored OpenPGP public key',
  });

type Args = z.output<typeof args>;
/** The keys of each file. */
type State = Record<string, PublicKey[]>;

export default defineModule<typeof args, State>({
  name: 'apt_key',
  summary: 'Manage a key that apt trusts for all repositories',
  notes: [
    'Each key has a file of its own in /etc/apt/trusted.gpg.d, so that neither apt-key nor gpg is needed.',
    'With `url` and without `id` the key is not fetched again where its file is there.',
    'Better is a key in /etc/apt/keyrings that only its repository trusts: see deb822_repository.',
  ],
  examples: `
- apt_key: {url: 'https://download.docker.com/linux/debian/gpg', id: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88}
- apt_key: {id: 0EBFCD88, state: absent}
`,
  returns: { key_id: 'The id of the key.' },
  args,
  probe: ({ file, keyring }) =>
    probeTexts([
      '/etc/apt/trusted.gpg',
      `${DIRECTORY}/*.gpg`,
      `${DIRECTORY}/*.asc`,
      ...[file, keyring].filter((one) => one !== undefined).map(quote),
    ]),
  parse: (probe) => parse(probe),
  decide,
});

function parse({ stdout }: ProbeResult): State {
  return Object.fromEntries(Object.entries(parseFiles(stdout)).map(([path, bytes]) => [path, keysIn(bytes)]));
}

/** None in what is not a key: apt leaves such files aside, too. */
function keysIn(bytes: Buffer): PublicKey[] {
  try {
    return publicKeys(bytes);
  } catch {
    return [];
  }
}

/** Ids of the keys that are meant; none where only fetching would show it. */
function idsOf({ id, data, file }: Args, state: State): string[] {
  if (id !== undefined) return [id];
  const given = data !== undefined ? keysIn(Buffer.from(data)) : (state[file ?? ''] ?? []);
  return given.map(({ fingerprint }) => fingerprint);
}

function placeOf({ id, url, file, keyring }: Args, ids: string[]): [armored: string, binary: string] {
  if (keyring !== undefined) return [keyring, keyring];
  const name = id ?? ids[0];
  return keyFile(
    name === undefined
      ? (url ?? file ?? '').replace(/^\w+:\/\//, '').replace(/[^A-Za-z0-9]+/g, '_')
      : keyId(name).slice(-16),
    DIRECTORY,
  );
}

function decide(args: Args, all: State, context: DecideContext): Decision<State> {
  const { [args.keyring === args.file ? '' : (args.file ?? '')]: _, ...trusted } = all;
  const ids = idsOf(args, all);
  const place = placeOf(args, ids);
  const holding = Object.entries(trusted).filter(([path, keys]) =>
    ids.length === 0 ? place.includes(path) : keys.some((key) => ids.some((id) => isKey(key, id))),
  );
  const result = { ...(ids[0] !== undefined && { key_id: keyId(ids[0]) }) };
  const what = `key ${ids.map(keyId).join(', ') || args.url}`;
  if (args.state === 'absent') return absent(what, ids, holding);
  if (holding.length > 0) return { kind: 'ok', result };
  if (args.file !== undefined && ids.length === 0)
    return lacking(
      context,
      `${args.file} is not a file with an OpenPGP public key`,
      'Copy the key to it by a task before.',
    );
  const step = addition(args, place);
  if (step === undefined)
    return {
      kind: 'fail',
      message: `${what} is not there, and the task does not say where to get it`,
      hint: 'Give url, data, file or keyserver.',
    };
  return {
    kind: 'change',
    diff: [{ what, before: null, after: 'trusted' }],
    steps: [{ do: 'run', script: sh`mkdir -p ${DIRECTORY}` }, step],
    result,
  };
}

function addition(
  { id, url, data, file, keyserver, validate_certs }: Args,
  [armored, binary]: [string, string],
): Step | undefined {
  if (data !== undefined)
    return { do: 'put', file: { path: armored, content: Buffer.from(`${data.trim()}\n`), mode: '0644' } };
  if (url !== undefined) return { do: 'run', script: fetchKey(url, { armored, binary, mode: '0644' }, validate_certs) };
  if (file !== undefined)
    return {
      do: 'run',
      script: sh`d=${binary}; ! grep -q 'BEGIN PGP' ${file} || d=${armored}; cp -- ${file} "$d" && chmod 0644 "$d"`,
    };
  return keyserver === undefined ? undefined : { do: 'run', script: received(keyserver, keyId(id as string), binary) };
}

function received(server: string, id: string, path: string): Script {
  return sh`command -v gpg >/dev/null 2>&1 || { echo 'this host has no gpg, which a key server needs: install gpg and dirmngr' >&2; exit 1; }
GNUPGHOME=$(mktemp -d) || exit; export GNUPGHOME; ${raw(`trap 'rm -rf "$GNUPGHOME"' EXIT`)}
gpg -q --batch --no-tty --keyserver ${server} --recv-keys ${id} && gpg -q --batch --export ${id} >"$GNUPGHOME/key" && [ -s "$GNUPGHOME/key" ] && cp "$GNUPGHOME/key" ${path} && chmod 0644 ${path}`;
}

function absent(what: string, ids: string[], holding: [string, PublicKey[]][]): Decision<State> {
  const shared = holding.find(([, keys]) => ids.length > 0 && keys.some((key) => !ids.some((id) => isKey(key, id))));
  if (shared)
    return {
      kind: 'fail',
      message: `${shared[0]} holds other keys besides ${what}, and would be removed with it`,
      hint: 'Take the key out by gpg --no-default-keyring --keyring FILE --delete-keys.',
    };
  if (holding.length === 0) return { kind: 'ok' };
  const paths = holding.map(([path]) => path);
  return {
    kind: 'change',
    diff: paths.map((path) => ({ what: `${what} in ${path}`, before: 'trusted', after: null })),
    steps: [{ do: 'run', script: sh`rm -f -- ${paths}`, touches: paths }],
  };
}
