import stringWidth from 'fast-string-width';
import type { Event, Stats, Status } from '../../model/events.ts';
import { hostNames } from './names.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { STATUSES, duration, plural } from './words.ts';

type RunEnd = Extract<Event, { type: 'run_end' }>;

/** Names of hosts that the headline has room for. */
const MOST_NAMES = 20;

/** Shown in the colour of the worst that happened on the host. */
const WORST_FIRST: readonly Status[] = ['unreachable', 'failed', 'changed', 'unknown', 'ok'];

/** The end of a run: a line in words, then a table of one line a host, which scripts can read. */
export function recapLines(end: RunEnd, pen: Style): string[] {
  const hosts = Object.entries(end.stats);
  const widest = Math.max(0, ...hosts.map(([host]) => stringWidth(host)));
  const digits = new Map(
    STATUSES.map((status) => [status, Math.max(0, ...hosts.map(([, stats]) => String(stats[status]).length))]),
  );
  const cell = (stats: Stats, status: Status) => `${status}=${String(stats[status]).padEnd(digits.get(status) ?? 0)}`;
  return [
    pen.bold(`RECAP ${recapWords(end)}`),
    ...hosts.map(([host, stats]) => {
      const name = host + ' '.repeat(widest - stringWidth(host));
      const counts = STATUSES.map((status) => cell(stats, status)).join(' ');
      return paint(pen, worst(stats), `${name} : ${counts}`.trimEnd());
    }),
  ];
}

/** `28 hosts ok, 2 failed: web08, web09; 3 changed (4.2 s)`. */
export function recapWords(end: RunEnd): string {
  const hosts = Object.entries(end.stats);
  const having = (test: (stats: Stats) => boolean) => hosts.filter(([, stats]) => test(stats)).map(([host]) => host);
  const failed = having((stats) => stats.failed > 0);
  const unreachable = having((stats) => stats.unreachable > 0 && stats.failed === 0);
  const changed = having((stats) => stats.changed > 0).length;
  const named = (names: string[], word: string) =>
    names.length > 0 ? [`${names.length} ${word}: ${hostNames(names, MOST_NAMES)}`] : [];
  const ended = [
    `${plural(hosts.length - failed.length - unreachable.length, 'host')} ok`,
    ...named(failed, 'failed'),
    ...named(unreachable, 'unreachable'),
  ].join(', ');
  return [ended, ...(changed > 0 ? [`${changed} changed`] : []), ...(end.interrupted ? ['interrupted'] : [])]
    .join('; ')
    .concat(` (${duration(end.duration_ms)})`);
}

/** What colours a host's line. */
export function worst(stats: Stats): Status {
  return WORST_FIRST.find((status) => stats[status] > 0) ?? STATUSES[0];
}
