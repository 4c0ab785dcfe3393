import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { toEre } from '../../../language/regex/ere.ts';
import type { ProbeResult } from '../../../model/module.ts';
import type { Found } from './found.ts';
import { STAT_FORMAT, STAT_LINE, statFields } from '../../path/stat-fields.ts';

/** What to look for, as far as the host's own find can test it. */
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
export function findScript({
  roots,
  names,
  not,
  file_type,
  recurse,
  depth,
  follow,
  contains,
  get_checksum,
}: Search): Script {
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
  const fields = batch(sh`stat ${follow ? ['-L'] : []} -c ${format} --`.text);
  const sums = get_checksum ? sh`${list} -type f -exec sh -c ${SUMS} sh {} +` : undefined;
  // find exits with 1 where it may not look into a directory, and lists the others.
  return sh`n=$(date +%s) || exit; echo "now=$n"
for r in ${roots}; do if [ -d "$r" ]; then ${list} -exec sh -c ${fields} sh {} +; e=$?; [ $e -le 1 ] || exit $e
else printf 'skipped//%s//\n' "$r"; fi; done
${sums && sh`echo sums:; for r in ${roots}; do if [ -d "$r" ]; then ${sums}; e=$?; [ $e -le 1 ] || exit $e; fi; done`}
echo end:`;
}

/** Lists some files, with their number before and behind them; what is gone since find saw it does not count. */
function batch(stat: string): string {
  return `printf 'some//%s//\n' $#; if s=$(${stat} "$@" 2>/dev/null); then n=$#; printf '%s\n' "$s"
else n=0; for f do if s=$(${stat} "$f"); then n=$((n+1)); printf '%s\n' "$s"; elif [ -e "$f" ] || [ -h "$f" ]; then exit 1; fi; done; fi
printf 'are//%s//\n' $n`;
}

/** A line for each, empty for what cannot be read, or has gone. */
const SUMS = `for f do if [ -r "$f" ]; then h=$(sha256sum <"$f") || { [ ! -e "$f" ] || exit 1; }; else h=; fi; echo "\${h%% *}"; done`;

/** What {@link findScript} printed. Throws a plain Error for a list that was too long to be kept. */
export function parseFound({ stdout }: ProbeResult): FoundState {
  if (stdout.includes('[xrun left out'))
    throw new Error('the list is too long; narrow it by patterns, depth or file_type');
  if (!stdout.endsWith('end:\n')) throw new Error('the list did not arrive completely');
  const [head = '', sums] = stdout.slice(0, -'end:\n'.length).split(/^sums:\n/m);
  let [begun, listed] = [0, 0];
  const found: Found[] = [];
  const skipped: Record<string, string> = {};
  const entry = new RegExp(
    String.raw`(?:^|(?<=\n))(?:(some|are)\/\/(\d+)\/\/|skipped\/\/([\s\S]*?)\/\/|(\/[\s\S]*?)\/\/${STAT_LINE})\n`,
    'g',
  );
  for (const [, word, count, missing, path = '', ...fields] of head.matchAll(entry)) {
    if (word) {
      begun += word === 'some' ? 1 : -1;
      listed += word === 'are' ? Number(count) : 0;
    } else if (missing === undefined) found.push({ path, ...statFields(fields) });
    else skipped[missing] = 'this is not a directory on the host';
  }
  if (begun !== 0 || listed !== found.length) throw new Error('the list of files did not arrive completely');
  if (sums !== undefined) addSums(found, sums.split('\n').slice(0, -1));
  const now = /^now=(\d{9,})\n/.exec(head)?.[1];
  if (now === undefined) throw new Error('date printed no time');
  return { found, skipped, now: Number(now) };
}

function addSums(found: Found[], sums: string[]): void {
  const files = found.filter((one) => one.isreg === true);
  if (sums.length !== files.length || sums.some((sum) => !/^([0-9a-f]{64})?$/.test(sum)))
    throw new Error('the checksums did not arrive completely, or files came and went meanwhile');
  files.forEach((one, i) => (one.checksum = sums[i]));
}
