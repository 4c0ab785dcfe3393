import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import type { Found } from './found.ts';

/** What to look for, as far as the host's own find can tell. */
export interface Search {
  roots: string[];
  /** Shell patterns: any of these, none of those. */
  names: string[];
  not: string[];
  file_type: 'any' | 'directory' | 'file' | 'link';
  recurse: boolean;
  depth?: number | undefined;
  follow: boolean;
  contains?: string | undefined;
  get_checksum: boolean;
}

export interface FoundState {
  found: Found[];
  /** Paths that were not looked in, and why. */
  skipped: Record<string, string>;
  /** The host's time, in seconds since 1970. */
  now: number;
}

const TYPES: Record<string, string> = { file: 'f', directory: 'd', link: 'l' };

/**
 * Lists what is below the roots. A path never holds two slashes in a row, so that two of them end it, whatever else is
 * in it; the same for the fields behind it.
 */
export function findScript({ roots, names, not, file_type, recurse, depth, follow, contains, get_checksum }: Search): Script {
  const most = recurse ? depth : 1;
  const any = names.flatMap((name, i) => [...(i > 0 ? ['-o'] : []), '-name', name]);
  const tests = [
    ...(file_type === 'any' ? [] : ['-type', TYPES[file_type] as string]),
    ...(any.length > 0 ? ['(', ...any, ')'] : []),
    ...not.flatMap((name) => ['!', '-name', name]),
    ...(contains === undefined ? [] : ['-type', 'f', '-exec', 'grep', '-qE', '-e', `^(${contains})`, '{}', ';']),
  ];
  const format = `%n//%a %u %g %h %i %s %X %Y %Z %F//%U//%G//`;
  const list = sh`find ${follow ? '-L' : '-H'} "$r" -mindepth 1 ${most === undefined ? [] : ['-maxdepth', most]} ${tests}`;
  // A line for each, empty for what cannot be read.
  const sum = 'for f do h=$(sha256sum <"$f"); echo "${h%% *}"; done';
  const sums = get_checksum ? sh`${list} -type f -exec sh -c ${sum} sh {} +` : undefined;
  return sh`echo "now=$(date +%s)"
for r in ${roots}; do if [ -d "$r" ]; then ${list} -exec stat ${follow ? ['-L'] : []} -c ${format} {} +
else printf 'skipped//%s//\n' "$r"; fi; done
${sums && sh`echo sums:; for r in ${roots}; do [ ! -d "$r" ] || ${sums}; done`}
${raw(':')}`;
}

const KINDS: Record<string, string> = { 'regular file': 'isreg', 'regular empty file': 'isreg', directory: 'isdir', 'symbolic link': 'islnk', fifo: 'isfifo', socket: 'issock', 'block special file': 'isblk', 'character special file': 'ischr' };
const NAMES = [...new Set(Object.values(KINDS))];

/** What {@link findScript} printed. Throws a plain Error for a list that was too long to be kept. */
export function parseFound({ stdout }: ProbeResult): FoundState {
  if (stdout.includes('[xrun left out')) throw new Error('the list is too long; narrow it by patterns, depth or file_type');
  const [head = '', sums = ''] = stdout.split(/^sums:\n/m);
  const found: Found[] = [];
  const skipped: Record<string, string> = {};
  const entry = /(?:^|(?<=\n))(?:skipped\/\/([\s\S]*?)\/\/|(\/[\s\S]*?)\/\/(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) ([^/]*)\/\/([\s\S]*?)\/\/([\s\S]*?)\/\/)\n/g;
  for (const [, missing, path = '', ...fields] of head.matchAll(entry)) {
    if (missing === undefined) found.push(foundOf(path, fields));
    else skipped[missing] = 'this is no directory of the host';
  }
  const checksums = sums.split('\n');
  if (sums !== '') for (const one of found) if (one.isreg === true) one.checksum = checksums.shift() ?? '';
  return { found, skipped, now: Number(/^now=(\d+)/m.exec(head)?.[1]) };
}

function foundOf(path: string, [mode = '', uid, gid, nlink, inode, size, atime, mtime, ctime, kind = '', user, group]: string[]): Found {
  const bits = Number.parseInt(mode, 8);
  const rights = Object.fromEntries([...'rwx'].flatMap((letter, i) => ['usr', 'grp', 'oth'].map((who, j) => [letter + who, (bits & (1 << (8 - 3 * j - i))) !== 0])));
  return {
    path,
    mode: mode.padStart(4, '0'),
    ...Object.fromEntries(NAMES.map((name) => [name, KINDS[kind] === name])),
    ...rights,
    isuid: (bits & 0o4000) !== 0,
    isgid: (bits & 0o2000) !== 0,
    uid: Number(uid),
    gid: Number(gid),
    pw_name: user,
    gr_name: group,
    size: Number(size),
    inode: Number(inode),
    nlink: Number(nlink),
    atime: Number(atime),
    mtime: Number(mtime),
    ctime: Number(ctime),
  };
}
