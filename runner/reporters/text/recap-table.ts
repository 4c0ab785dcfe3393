import stringWidth from 'fast-string-width';
import type { Event, Stats } from '../../model/events.ts';
import { hostNames } from './names.ts';
import { recapWords, worst } from './recap.ts';
import { fitted, paint } from './style.ts';
import type { Style } from './style.ts';
import { STATUSES } from './words.ts';

/** Rows that still leave the failures above them on the screen. */
const MOST_ROWS = 20;

interface Row {
  name: string;
  stats: Stats;
}

/**
 * The end of a run for a person: a line in words, then a table of the counts that are not zero everywhere. Of many hosts, those with
 * the same counts share a row.
 */
export function recapTable(end: Extract<Event, { type: 'run_end' }>, pen: Style, columns: number): string[] {
  const shown = STATUSES.filter((status) => Object.values(end.stats).some((stats) => stats[status] > 0));
  const rows = rowsOf(end.stats);
  const widths = shown.map((status) =>
    Math.max(status.length, ...rows.map(({ stats }) => String(stats[status]).length)),
  );
  const room = Math.max(12, columns - widths.reduce((sum, width) => sum + width + 2, 0) - 1);
  const widest = Math.min(room, Math.max(4, ...rows.map(({ name }) => stringWidth(name))));
  const line = (name: string, cells: string[]) =>
    [padded(fitted(name, widest), widest), ...cells.map((cell, i) => cell.padStart(widths[i] ?? 0))].join('  ');
  return [
    pen.bold(`RECAP ${recapWords(end)}`),
    ...(shown.length > 0 ? [pen.gray(line('host', [...shown]))] : []),
    ...rows.slice(0, MOST_ROWS).map(({ name, stats }) =>
      paint(
        pen,
        worst(stats),
        line(
          name,
          shown.map((status) => cellOf(stats[status])),
        ),
      ),
    ),
    ...(rows.length > MOST_ROWS
      ? [pen.gray(`and ${rows.length - MOST_ROWS} more rows: --jsonl or -o plain has all`)]
      : []),
  ];
}

/** Zeros would hide what happened. */
function cellOf(count: number): string {
  return count === 0 ? '-' : String(count);
}

function rowsOf(stats: Record<string, Stats>): Row[] {
  const hosts = Object.entries(stats);
  if (hosts.length <= MOST_ROWS) return hosts.map(([name, counts]) => ({ name, stats: counts }));
  const groups = new Map<string, [string, Stats][]>();
  for (const [host, counts] of hosts) {
    const key = STATUSES.map((status) => counts[status]).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), [host, counts]]);
  }
  const bad = (counts: Stats) => counts.failed + counts.unreachable;
  return [...groups.values()]
    .map((group) => ({ name: hostNames(group.map(([host]) => host)), stats: group[0]![1] }))
    .sort((a, b) => bad(b.stats) - bad(a.stats));
}

function padded(name: string, width: number): string {
  return name + ' '.repeat(Math.max(0, width - stringWidth(name)));
}
