import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff';
import type { Diff } from '../../model/events.ts';
import type { Style } from './style.ts';

/** Larger texts are shown by their sizes: a diff of them says nothing to a reader, and costs seconds. */
const MOST_CHARACTERS = 200_000;

/** Lines that may differ: comparing takes time in proportion to their square, while all hosts wait. */
const MOST_EDITS = 2000;

/**
 * A change in unified format, as `diff -u` and git print it, with `/dev/null` for what is not there. Values of one line
 * (a mode, an address) are shown as `- mode: 0600` and `+ mode: 0644`.
 */
export function unifiedDiff(diff: Diff): string[] {
  if (!isText(diff)) return valueDiff(diff);
  const before = diff.before ?? '';
  const after = diff.after ?? '';
  if (before.length + after.length > MOST_CHARACTERS) {
    return [
      `--- ${diff.what}`,
      `+++ ${diff.what}`,
      `(${before.length} characters become ${after.length}; too long to compare here)`,
    ];
  }
  const patch = createTwoFilesPatch(
    diff.before === null ? '/dev/null' : diff.what,
    diff.after === null ? '/dev/null' : diff.what,
    before,
    after,
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY, maxEditLength: MOST_EDITS, timeout: 1000 },
  );
  if (patch === undefined) return [`--- ${diff.what}`, `+++ ${diff.what}`, '(too different to compare here)'];
  return patch.trimEnd().split('\n');
}

function valueDiff(diff: Diff): string[] {
  const line = (sign: string, value: string | null) =>
    value === null ? [] : [`${sign} ${diff.what}${value ? `: ${value}` : ''}`];
  return [...line('-', diff.before), ...line('+', diff.after)];
}

/** The same, coloured as git does. */
export function colouredDiff(diff: Diff, pen: Style): string[] {
  return unifiedDiff(diff).map((line) => {
    if (line.startsWith('---') || line.startsWith('+++')) return pen.bold(line);
    if (line.startsWith('@@')) return pen.cyan(line);
    if (line.startsWith('+')) return pen.green(line);
    if (line.startsWith('-')) return pen.red(line);
    return line;
  });
}

function isText(diff: Diff): boolean {
  return [diff.before, diff.after].some((text) => text?.includes('\n'));
}
