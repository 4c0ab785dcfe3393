import { posix } from 'node:path';
import * as z from 'zod';
import { flag, seconds, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { apt } from '../packages/apt.ts';
import { mode } from '../path/mode.ts';
import { orRestore, parseTexts, plannedTexts, probeTexts, textsChange } from './texts.ts';
import type { Texts } from './texts.ts';

const DIRECTORY = '/etc/apt/sources.list.d';

const args = z.strictObject({
  repo: z
    .string()
    .trim()
    .regex(
      /^(?:(?:deb|deb-src)\s+\S|ppa:)/,
      'expected a line as in sources.list, such as deb http://deb.debian.org/debian bookworm main',
    )
    .regex(/^[^\n\r]*$/, 'expected one line')
    .describe('The line of the repository, as sources.list has it.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the host has it.'),
  filename: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, _, - and .: apt leaves other files aside')
    .optional()
    .describe(
      'Name of the file in /etc/apt/sources.list.d, without `.list`; where not given, it is made from the address.',
    ),
  mode: mode.default('0644').describe('Permissions of a file that is written.'),
  update_cache: flag
    .default(true)
    .describe('Read the lists of packages afresh after a change; where that fails, the change is undone.'),
  update_cache_retries: whole.default(5).describe('How often reading the lists is tried.'),
  update_cache_retry_max_delay: seconds.default(12).describe("Taken for Ansible's sake: apt waits by itself."),
  codename: text.optional().describe("Taken for Ansible's sake: it concerns PPAs, which are not added by name."),
  validate_certs: flag
    .default(true)
    .describe("Taken for Ansible's sake: it concerns PPAs, which are not added by name."),
  install_python_apt: flag.default(true).describe("Taken for Ansible's sake: no Python is needed."),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, Texts>({
  name: 'apt_repository',
  summary: 'Manage a repository of apt by its line in sources.list',
  notes: [
    'A line that is in any file of apt counts; one that is there as a comment is enabled again.',
    'The key of a repository belongs into /etc/apt/keyrings and into the line: `[signed-by=/etc/apt/keyrings/NAME.asc]`.',
  ],
  examples: `
- apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable
    filename: docker
- apt_repository: {repo: 'deb http://example.net/debian stable main', state: absent}
`,
  returns: {
    repo: 'The line of the repository.',
    state: '`present` or `absent`.',
    sources_added: 'Files that were written.',
    sources_removed: 'Files that were removed.',
  },
  args,
  resource: () => 'apt:sources',
  probe: () => probeTexts(['/etc/apt/sources.list', `${DIRECTORY}/*.list`]),
  parse: parseTexts,
  decide,
});

function decide(args: Args, found: Texts, context: DecideContext): Decision<Texts> {
  if (args.repo.startsWith('ppa:'))
    return {
      kind: 'fail',
      message: `${args.repo}: a PPA is not added by its name`,
      hint: 'Add its key by get_url to /etc/apt/keyrings, and give its line: deb [signed-by=...] https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu CODENAME main.',
    };
  const target = posix.join(DIRECTORY, `${args.filename ?? suggested(args.repo)}.list`);
  const before = plannedTexts(found, [target], context);
  const after = args.state === 'present' ? withLine(before, args.repo, target) : withoutLine(before, args.repo);
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  const base = { repo: args.repo, state: args.state };
  if (paths.length === 0) return { kind: 'ok', result: { ...base, sources_added: [], sources_removed: [] } };
  const change = textsChange(before, after, args.mode);
  if (args.update_cache)
    change.steps.push({
      do: 'run',
      script: orRestore(apt.update({ lockTimeout: 12 * args.update_cache_retries }), found, paths),
    });
  return {
    ...change,
    after,
    result: {
      ...base,
      sources_added: paths.filter((path) => !(path in before)),
      sources_removed: paths.filter((path) => !(path in after)),
    },
  };
}

/** A line without its remark, with single blanks: how two are compared. */
const plain = (line: string) =>
  line
    .replace(/\s#.*$/, '')
    .trim()
    .replace(/\s+/g, ' ');
const isOf = (line: string, repo: string) => plain(line) === plain(repo);

function withLine(texts: Texts, repo: string, target: string): Texts {
  const all = Object.entries(texts);
  if (all.some(([, content]) => content.split('\n').some((line) => isOf(line, repo)))) return texts;
  const disabled = all.find(([, content]) =>
    content.split('\n').some((line) => isOf(line.replace(/^\s*#+/, ''), repo)),
  );
  if (disabled) {
    const [path, content] = disabled;
    const enabled = content.split('\n').map((line) => (isOf(line.replace(/^\s*#+/, ''), repo) ? repo : line));
    return { ...texts, [path]: enabled.join('\n') };
  }
  const old = texts[target] ?? '';
  return { ...texts, [target]: `${old}${old === '' || old.endsWith('\n') ? '' : '\n'}${repo}\n` };
}

/** A file in which nothing is left goes, but for sources.list itself. */
function withoutLine(texts: Texts, repo: string): Texts {
  const kept = Object.entries(texts).flatMap(([path, content]): [string, string][] => {
    const rest = content
      .split('\n')
      .filter((line) => !isOf(line, repo))
      .join('\n');
    return rest !== content && rest.trim() === '' && path.startsWith(DIRECTORY) ? [] : [[path, rest]];
  });
  return Object.fromEntries(kept);
}

/** The name that Ansible makes from a line: of its address, without options, protocol, user and password. */
function suggested(repo: string): string {
  const address = repo
    .replace(/\[[^\]]+\]/g, '')
    .replace(/\w+:\/\//g, '')
    .split(/\s+/)
    .find((word) => !/^(deb|deb-src|)$/.test(word));
  return (address ?? '')
    .replace(/^[^@]*@/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .join('_');
}
