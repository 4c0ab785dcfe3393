import type { Spread } from './statistics.ts';

/** A median, and in brackets the least and the most. Three digits are what there is to know. */
export function shown(value: Spread | undefined): string {
  if (!value) return '-';
  const digits = value.median >= 100 ? 0 : value.median >= 10 ? 1 : 2;
  const [median, least, most] = [value.median, value.least, value.most].map((v) => v.toFixed(digits));
  return least === most ? median! : `${median} (${least}-${most})`;
}

/** A table in Markdown that reads well in a terminal too: the first column to the left, the others to the right. */
export function markdown(head: readonly string[], rows: readonly string[][]): string {
  const all = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map(
      (row) =>
        `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |\n`,
    )
    .join('');
}
