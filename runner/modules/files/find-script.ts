import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { toEre } from '../../regex/ere.ts';
import type { ProbeResult } from '../module.ts';
import type { Found } from './found.ts';
import { STAT_FORMAT, STAT_LINE, statFields } from './stat-fields.ts';

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
    ...(contains === undefined ? [] : ['-type', 'f', '-exec', 'grep', '-qE', ...toEre(contains, '^'), '{}', ';']),
  ];
  const format = `%n//${STAT_FORMAT}`;
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

/** What {@link findScript} printed. Throws a plain Error for a list that was too long to be kept. */
export function parseFound({ stdout }: ProbeResult): FoundState {
  if (stdout.includes('[xrun left out')) throw new Error('the list is too long; narrow it by patterns, depth or file_type');
  const [head = '', sums = ''] = stdout.split(/^sums:\n/m);
  const found: Found[] = [];
  const skipped: Record<string, string> = {};
  const entry = new RegExp(String.raw`(?:^|(?<=\n))(?:skipped\/\/([\s\S]*?)\/\/|(\/[\s\S]*?)\/\/${STAT_LINE})\n`, 'g');
  for (const [, missing, path = '', ...fields] of head.matchAll(entry)) {
    if (missing === undefined) found.push({ path, ...statFields(fields) });
    else skipped[missing] = 'this is no directory of the host';
  }
  const checksums = sums.split('\n');
  if (sums !== '') for (const one of found) if (one.isreg === true) one.checksum = checksums.shift() ?? '';
  return { found, skipped, now: Number(/^now=(\d+)/m.exec(head)?.[1]) };
}
