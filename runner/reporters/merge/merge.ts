import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event, Stats, TaskRef } from '../../model/events.ts';
import { compareNames } from '../text/names.ts';
import { STATUSES } from '../text/words.ts';
import { InOrder } from './in-order.ts';
import { isOfTask } from './part.ts';
import type { Part } from './part.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

interface MergedTask {
  ref: TaskRef;
  hosts: Set<string>;
  events: Event[];
}

interface MergedPlay {
  start: Of<'play_start'>;
  hosts: Set<string>;
  tasks: InOrder<MergedTask>;
  matrices: Event[];
}

/** One run that is made of several. */
export interface MergedRun {
  events: Event[];
  end: Of<'run_end'>;
  /** Each shard has a report, and each report an end. */
  complete: boolean;
}

/** What reports of shards say together: the events as one controller would have reported them. */
export function merge(all: readonly Part[]): MergedRun {
  const parts = latest(all);
  const plays = new InOrder<MergedPlay>();
  for (const part of parts) addPart(part, plays);
  const missing = [...missingShards(parts), ...parts.filter(({ end }) => !end).map(cutShort)];
  const warnings = new Map(
    parts
      .flatMap(({ events }) => events)
      .flatMap((event) => (event.type === 'warning' ? [[JSON.stringify(event), event] as const] : [])),
  );
  const end = endOf(parts);
  return {
    events: [
      {
        type: 'run_start',
        playbooks: parts[0]?.start.playbooks ?? [],
        check: parts.some(({ start }) => start.check),
        hosts: sorted(parts.flatMap(({ start }) => start.hosts)),
      },
      ...missing.map((message): Event => ({ type: 'warning', message })),
      ...warnings.values(),
      ...plays.all().flatMap(playEvents),
      end,
    ],
    end,
    complete: missing.length === 0,
  };
}

/** Of a shard that was run again the last report counts. */
function latest(parts: readonly Part[]): Part[] {
  const byShard = new Map<string, Part>();
  for (const part of [...parts].sort((a, b) => (a.began < b.began ? -1 : 1)))
    byShard.set(part.start.shard ? `shard ${part.start.shard.number}` : part.file, part);
  return [...byShard.values()].sort((a, b) => (a.start.shard?.number ?? 0) - (b.start.shard?.number ?? 0));
}

function missingShards(parts: readonly Part[]): string[] {
  const count = Math.max(0, ...parts.map(({ start }) => start.shard?.count ?? 0));
  const there = new Set(parts.map(({ start }) => start.shard?.number));
  return Array.from({ length: count }, (_, i) => i + 1)
    .filter((number) => !there.has(number))
    .map((number) => `there is no report of shard ${number} of ${count}`);
}

function cutShort({ file, start: { shard } }: Part): string {
  return `the report ${file}${shard ? ` of shard ${shard.number} of ${shard.count}` : ''} ends before its run did`;
}

function addPart({ events }: Part, plays: InOrder<MergedPlay>): void {
  const times = new Map<string, number>();
  let play: MergedPlay | undefined;
  plays.begin();
  for (const event of events) {
    if (event.type === 'play_start') {
      const name = `${formatPosition(event.at)} ${event.play}`;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      play = plays.take(`${name} ${time}`, () => ({
        start: event,
        hosts: new Set(),
        tasks: new InOrder(),
        matrices: [],
      }));
      play.tasks.begin();
      for (const host of event.hosts) play.hosts.add(host);
    } else if (play && event.type === 'matrix') play.matrices.push(event);
    else if (play && isOfTask(event)) addTaskEvent(play, event);
  }
}

function addTaskEvent(play: MergedPlay, event: Extract<Event, { id: string }>): void {
  if (event.type === 'task_done') return;
  const task = play.tasks.take(event.id, () => ({ ref: event as TaskRef, hosts: new Set(), events: [] }));
  if (event.type !== 'task_start') return void task.events.push(event);
  task.ref = event;
  for (const host of event.hosts) task.hosts.add(host);
}

function playEvents({ start, hosts, tasks, matrices }: MergedPlay): Event[] {
  return [
    { ...start, hosts: sorted(hosts) },
    ...tasks.all().flatMap(({ ref: { id, task, module, at, handler }, hosts: those, events }): Event[] => {
      const ref = { id, task, module, at, ...(handler && { handler }) };
      return [{ type: 'task_start', hosts: sorted(those), ...ref }, ...events, { type: 'task_done', ...ref }];
    }),
    ...matrices,
  ];
}

function endOf(parts: readonly Part[]): Of<'run_end'> {
  const stats = parts.flatMap((part) => Object.entries(part.end?.stats ?? statsSoFar(part)));
  return {
    type: 'run_end',
    stats: Object.fromEntries(stats.sort(([a], [b]) => compareNames(a, b))),
    duration_ms: Math.max(0, ...parts.map(({ end }) => end?.duration_ms ?? 0)),
    interrupted: parts.some(({ end }) => end?.interrupted),
  };
}

/** What a run had counted when its report ended. */
function statsSoFar({ start, events }: Part): Record<string, Stats> {
  const none = () => Object.fromEntries(STATUSES.map((status) => [status, 0])) as Stats;
  const stats = Object.fromEntries(start.hosts.map((host) => [host, none()]));
  for (const event of events)
    if (event.type === 'task_end' && event.item === undefined) (stats[event.host] ??= none())[event.status]++;
  return stats;
}

function sorted(hosts: Iterable<string>): string[] {
  return [...new Set(hosts)].sort(compareNames);
}
