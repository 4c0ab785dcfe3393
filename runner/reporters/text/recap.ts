import type { Event, Stats, Status } from '../../model/events.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { STATUSES, duration, plural, recapLine } from './words.ts';

/** Shown in the colour of the worst that happened on the host. */
const WORST_FIRST: readonly Status[] = ['unreachable', 'failed', 'changed', 'unknown', 'ok'];

/** The end of a run: one line a host, in a form that scripts can read, under a line about the whole. */
export function recapLines(end: Extract<Event, { type: 'run_end' }>, pen: Style): string[] {
  const hosts = Object.entries(end.stats);
  return [
    pen.bold(`RECAP ${headline(hosts, end)}`),
    ...hosts.map(([host, stats]) => paint(pen, worst(stats), recapLine(host, stats))),
  ];
}

/** `3 hosts, 1 failed, in 4.2 s`. */
function headline(hosts: [string, Stats][], end: Extract<Event, { type: 'run_end' }>): string {
  const bad = hosts.filter(([, stats]) => stats.failed > 0 || stats.unreachable > 0).length;
  const parts = [
    plural(hosts.length, 'host'),
    ...(bad ? [`${bad} failed`] : []),
    ...(end.interrupted ? ['interrupted'] : []),
  ];
  return `${parts.join(', ')}, in ${duration(end.duration_ms)}`;
}

function worst(stats: Stats): Status {
  return WORST_FIRST.find((status) => stats[status] > 0) ?? STATUSES[0];
}
