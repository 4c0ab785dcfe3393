import { homedir } from 'node:os';
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, resolve } from 'node:path/posix';
import { BadArgument } from '../helper.ts';
import type { Call, Fetching, HelperGroup } from '../helper.ts';
import { helper } from '../table.ts';
import { list, text } from '../take.ts';

/** Paths as texts, and what is at a path of the controller. */
export const paths: HelperGroup = {
  title: 'Paths',
  helpers: [
    helper(
      'pathJoin part...',
      'Parts as one path; an absolute one begins anew.',
      ['{{pathJoin "/a" "b"}}', '/a/b'],
      (args) =>
        args
          .flatMap((part, i) => (Array.isArray(part) ? list(args, i) : [part]))
          .map((part) => text([part]))
          .reduce(joined),
    ),
    helper('normpath path', 'Without `.`, `..` and doubled slashes.', ['{{normpath "/a/../b//c"}}', '/b/c'], (args) =>
      normalize(text(args)).replace(/(.)\/$/, '$1'),
    ),
    helper(
      'relpath path start?',
      'The path as seen from the start.',
      ['{{relpath "/a/b" "/a/c"}}', '../b'],
      (args) => relative(args.length > 1 ? text(args, 1) : '.', text(args)) || '.',
    ),
    helper(
      'splitext path',
      'What is before the ending of a file name, and the ending.',
      ['{{splitext "a.txt"}}', ['a', '.txt']],
      (args) => {
        const [, root = '', ending = ''] = /^((?:.*\/)?\.*[^/]+?)(\.[^./]*)?$/s.exec(text(args)) ?? [
          undefined,
          text(args),
        ];
        return [root, ending];
      },
    ),
    helper('expanduser path', "With `~` as the controller's home directory.", ['{{expanduser "/a"}}', '/a'], (args) =>
      text(args).replace(/^~(?=\/|$)/, () => homedir()),
    ),
    helper('realpath path', 'The path on the controller, without symbolic links.', ['{{realpath "/"}}', '/'], (args) =>
      real(text(args)),
    ),
    helper('isAbs path', 'Whether it is absolute.', ['{{isAbs "a"}}', false], (args) => isAbsolute(text(args))),
    helper('isFile path', 'Whether the controller has a file there.', ['{{isFile "/"}}', false], (args) =>
      Boolean(statOf(text(args))?.isFile()),
    ),
    helper('isDirectory path', 'Whether the controller has a directory there.', ['{{isDirectory "/"}}', true], (args) =>
      Boolean(statOf(text(args))?.isDirectory()),
    ),
    helper(
      'isExists path',
      'Whether the controller has anything there.',
      ['{{isExists "/"}}', true],
      (args) => statOf(text(args)) !== undefined,
    ),
    helper(
      'fileglob pattern',
      'The files of the controller that a pattern matches, as with_fileglob looks for them.',
      ['{{fileglob "/dev/nul?"}}', ['/dev/null']],
      (args, { findFiles }) => findFiles(text(args)),
    ),
    helper(
      'firstFound file...',
      'The first of these files of the controller that is there; looked for in the folders of the role and of the playbook, or in these paths.',
      ['{{firstFound "/no/such" skip=true}}', ''],
      (args, call) => firstFound(args.flat(), call),
      { named: { paths: 'a folder, or a list of them', skip: 'true: nothing found is not an error' } },
    ),
    helper(
      'templateFile path',
      'A template of the controller, rendered.',
      ['{{templateFile "/dev/null"}}', ''],
      (args, { renderFile }) => renderFile(text(args)),
    ),
    helper(
      'url address',
      'What an address answers the controller, as text. The same is asked once a run.',
      ['{{url "data:,a"}}', 'a'],
      (args, call) => call.fetchText(text(args), fetching(call.named)),
      {
        named: {
          headers: 'a mapping of headers that are sent',
          username: 'for basic authentication, with password',
          password: 'for basic authentication',
          timeout: 'seconds to wait; 10 where not given',
        },
      },
    ),
  ],
};

/** How an address is asked, as the named arguments have it. */
function fetching({ headers = {}, username, password, timeout = 10 }: Call['named']): Fetching {
  const seconds = Number(timeout);
  if (!(seconds > 0) || typeof headers !== 'object' || headers === null)
    throw new BadArgument('expects seconds as timeout, and a mapping as headers');
  const login =
    username === undefined ? {} : { Authorization: `Basic ${btoa(`${username as string}:${String(password ?? '')}`)}` };
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { headers: { ...login, ...Object.fromEntries(given) }, timeout: seconds };
}

function joined(before: string, part: string): string {
  return part.startsWith('/')
    ? part
    : before === '' || before.endsWith('/')
      ? before + part
      : join(before, '') + (part === '' ? '/' : `/${part}`);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

/** Names, or mappings of `files`, `paths` and `skip`, as with_first_found has them. */
export function firstFound(wanted: unknown[], { named, findFiles }: Pick<Call, 'named' | 'findFiles'>): string {
  const found = candidates(wanted, named).flatMap(findFiles)[0];
  if (found !== undefined) return found;
  const skip = named.skip === true || wanted.some((one) => isMapping(one) && one.skip === true);
  if (skip) return '';
  throw new BadArgument(`finds none of ${candidates(wanted, named).join(', ')}`);
}

function candidates(wanted: unknown[], named: Record<string, unknown>): string[] {
  return wanted.flatMap((one) => {
    const { files = [], paths = named.paths ?? [] } = isMapping(one) ? one : { files: one };
    const folders = words(paths);
    const names = words(files);
    return folders.length === 0 ? names : folders.flatMap((folder) => names.map((name) => join(folder, name)));
  });
}

function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(words);
  return typeof value === 'string'
    ? value
        .split(/[,;]/)
        .map((one) => one.trim())
        .filter(Boolean)
    : [text([value])];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
