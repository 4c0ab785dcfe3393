import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { mode } from '../path/mode.ts';
import { fetchKey, keyFile } from './key-file.ts';
import { parseTexts, plannedTexts, probeTexts, textsChange } from './texts.ts';
import type { Texts } from './texts.ts';

const list = z.union([text.transform((one) => one.split(/[\s,]+/).filter(Boolean)), z.array(text)], 'expected a list');

/** The fields of sources.list(5), by the arguments' names. */
const fields = {
  types: list.default(['deb']).describe('`deb`, `deb-src` or both.'),
  uris: list.optional().describe('Addresses of the repository.'),
  suites: list.optional().describe('Suites, such as `bookworm`; a path with a slash at its end has no components.'),
  components: list.optional().describe('Components, such as `main`.'),
  architectures: list.optional().describe('Architectures to read; all of the host where not given.'),
  languages: list.optional().describe('Languages of translations.'),
  targets: list.optional().describe('What is downloaded of the repository.'),
  enabled: flag.optional().describe('Whether apt uses it.'),
  trusted: flag.optional().describe('Whether it is trusted without a signature.'),
  by_hash: flag.optional().describe('Whether files are fetched by their hashes.'),
  pdiffs: flag.optional().describe('Whether differences of lists are fetched.'),
  check_date: flag.optional().describe('Whether dates of the release are checked.'),
  check_valid_until: flag.optional().describe('Whether the end of its validity is checked.'),
  date_max_future: whole.optional().describe('Seconds that the release may lie in the future.'),
  inrelease_path: text.optional().describe('Another path of the file InRelease.'),
  allow_insecure: flag.optional().describe('Allow repositories that are not signed.'),
  allow_weak: flag.optional().describe('Allow weak keys.'),
  allow_downgrade_to_insecure: flag.optional().describe('Allow a signed repository to become an unsigned one.'),
};

const args = z
  .strictObject({
    name: text.describe('Name of the repository, from which its file in /etc/apt/sources.list.d is named.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the host has it.'),
    ...fields,
    signed_by: text
      .optional()
      .describe(
        'The key: a path on the host, an address to fetch it from once, its fingerprint, or the armored key itself.',
      ),
    mode: mode.default('0644').describe('Permissions of the files that are written.'),
  })
  .refine(({ name }) => slugOf(name) !== '', {
    path: ['name'],
    message: 'expected a name with a letter or a digit in it',
  })
  .refine(
    ({ state, uris, suites }) => state === 'absent' || (uris !== undefined && suites !== undefined),
    'give uris and suites',
  );

type Args = z.output<typeof args>;

export default defineModule<typeof args, Texts>({
  name: 'deb822_repository',
  summary: 'Manage a repository of apt by a file of its own in the format deb822',
  notes: [
    'The file is /etc/apt/sources.list.d/NAME.sources. Read the lists afterwards by `package: {update_cache: true}`.',
    'A key that `signed_by` gives by its address is fetched to /etc/apt/keyrings where no file is there; it is not fetched again.',
  ],
  examples: `
- deb822_repository:
    name: docker
    uris: https://download.docker.com/linux/debian
    suites: '{{ansible_distribution_release}}'
    components: stable
    signed_by: https://download.docker.com/linux/debian/gpg
`,
  returns: { dest: 'The file of the repository.', repo: 'Its content.', key_filename: 'The file of its key.' },
  args,
  probe: ({ name }) => probeTexts([fileOf(name), ...keyFile(slugOf(name))]),
  parse: parseTexts,
  decide,
});

/** As Ansible names the file. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
    .replace(/[^a-z0-9-]+/g, '');
}
const fileOf = (name: string) => `/etc/apt/sources.list.d/${slugOf(name)}.sources`;

function decide(args: Args, found: Texts, context: DecideContext): Decision<Texts> {
  const file = fileOf(args.name);
  const [armored = '', binary = ''] = keyFile(slugOf(args.name));
  const before = plannedTexts(found, [file, armored, binary], context);
  if (args.state === 'absent') {
    if (Object.keys(before).length === 0) return { kind: 'ok', result: { dest: file, repo: '' } };
    return { ...textsChange(before, {}, args.mode), result: { dest: file, repo: '' } };
  }
  const { signed_by: key } = args;
  const fetched = key !== undefined && /^https?:\/\//.test(key);
  const given = key?.includes('-----BEGIN PGP') ?? false;
  const path = given ? armored : fetched ? (binary in before ? binary : armored) : key;
  const repo = textOf(args, path);
  const after: Texts = { ...before, [file]: repo, ...(given && { [armored]: `${(key as string).trim()}\n` }) };
  const missing = fetched && !(armored in before) && !(binary in before);
  const result = { dest: file, repo, ...((given || fetched) && { key_filename: path }) };
  const change = textsChange(before, after, args.mode);
  if (change.diff.length === 0 && !missing) return { kind: 'ok', result };
  if (given && change.steps.length > 0) change.steps.unshift({ do: 'run', script: sh`mkdir -p /etc/apt/keyrings` });
  if (missing) {
    change.diff.unshift({ what: armored, before: null, after: `(from ${key})` });
    // Whether it is armored is known when it is there; apt wants the name to say so.
    change.steps.push({
      do: 'run',
      script: fetchKey(key as string, { armored, binary, mode: args.mode, names: file }),
    });
  }
  return { ...change, result };
}

function textOf(args: Args, key: string | undefined): string {
  const values: Record<string, string | string[] | number | boolean | undefined> = { name: args.name, signed_by: key };
  for (const name of Object.keys(fields) as (keyof typeof fields)[]) values[name] = args[name];
  return Object.keys(values)
    .sort()
    .filter((name) => values[name] !== undefined)
    .map((name) => `${titleOf(name)}: ${shown(values[name])}\n`)
    .join('');
}

function titleOf(name: string): string {
  if (name === 'name') return 'X-Repolib-Name';
  if (name === 'uris') return 'URIs';
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-');
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
