import { joinLines, splitLines } from '../shared/lines.ts';

/** One line of fstab(5), its fields as people write them: a blank is a blank. */
export interface FstabEntry {
  src: string;
  path: string;
  fstype: string;
  opts: string;
  dump: string;
  passno: string;
}

/** The fields that a task compares, in the order of a diff. */
export const FIELDS = ['src', 'fstype', 'opts', 'dump', 'passno'] as const;

/** The entries for a mount point, of which one is enough. Swap areas have none: there the source distinguishes them. */
export function entriesFor(path: string, src: string | undefined, text: string): FstabEntry[] {
  return splitLines(text)
    .lines.map(parseLine)
    .filter((entry) => entry !== undefined)
    .filter((entry) => isFor(entry, path, src));
}

/** The text with the entry in place of what it says of that mount point; undefined removes it. */
export function withFstabEntry(
  path: string,
  src: string | undefined,
  entry: FstabEntry | undefined,
  text: string,
): string {
  const { lines, ending } = splitLines(text);
  const kept: string[] = [];
  let placed = entry === undefined;
  for (const line of lines) {
    const found = parseLine(line);
    if (!found || !isFor(found, path, src)) kept.push(line);
    else if (!placed) {
      kept.push(format(entry as FstabEntry));
      placed = true;
    }
  }
  if (!placed) kept.push(format(entry as FstabEntry));
  return joinLines({ lines: kept, ending });
}

function isFor(entry: FstabEntry, path: string, src: string | undefined): boolean {
  const isSwap = (point: string) => ['none', 'swap'].includes(point);
  if (entry.fstype === 'swap') return isSwap(path) && isSwap(entry.path) && (src === undefined || entry.src === src);
  return entry.path === path;
}

function parseLine(line: string): FstabEntry | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const [src = '', path = '', fstype = '', opts = 'defaults', dump = '0', passno = '0'] = line
    .trim()
    .split(/\s+/)
    .map(unescaped);
  return path ? { src, path: path.replace(/(?<=.)\/$/, ''), fstype, opts, dump, passno } : undefined;
}

function format({ src, path, fstype, opts, dump, passno }: FstabEntry): string {
  return [src, path, fstype, opts, dump, passno].map(escaped).join(' ');
}

/** Blanks and backslashes are written as octal numbers, also in /proc/self/mountinfo; each number is a byte. */
export function unescaped(word: string): string {
  return word.replace(/(?:\\[0-7]{3})+/g, (numbers) =>
    Buffer.from(
      numbers
        .slice(1)
        .split('\\')
        .map((octal) => Number.parseInt(octal, 8)),
    ).toString(),
  );
}

function escaped(word: string, at: number): string {
  const text = word.replace(/[\s\\]/g, octal);
  // At the beginning of a line it would make a remark of it.
  return at === 0 && text.startsWith('#') ? octal('#') + text.slice(1) : text;
}

const octal = (character: string) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
