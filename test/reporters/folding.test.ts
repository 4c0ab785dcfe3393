import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event, TaskRef } from '../../runner/model/events.ts';
import { Folding } from '../../runner/reporters/folding.ts';
import { PlainReporter } from '../../runner/reporters/plain.ts';
import { options, shown } from './shown.ts';

const ref = (id: string): TaskRef => ({
  id,
  task: `Task ${id}`,
  module: 'file',
  at: { file: 'site.yml', line: 5, col: 7 },
});
const play = (name: string): Event => ({
  type: 'play_start',
  play: name,
  at: { file: 'site.yml', line: 1, col: 3 },
  hosts: ['n1', 'n2'],
});
const end = (id: string, status: 'ok' | 'skipped', host = 'n1'): Event => ({
  type: 'task_end',
  ...ref(id),
  host,
  status,
  duration_ms: 0,
});
const task = (id: string, status: 'ok' | 'skipped'): Event[] => [
  { type: 'task_start', ...ref(id), hosts: ['n1', 'n2'] },
  { type: 'host_start', id, host: 'n1' },
  { type: 'host_start', id, host: 'n2' },
  end(id, status),
  end(id, status, 'n2'),
  { type: 'task_done', ...ref(id) },
];
const runEnd: Event = { type: 'run_end', stats: {}, duration_ms: 1, interrupted: false };

/** The events that come out for those that go in. */
function told(run: readonly Event[]): Event[] {
  const out: Event[] = [];
  const folding = new Folding({ on: (event) => out.push(event) });
  for (const event of run) folding.on(event);
  return out;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a play that is skipped whole is one event; others come as they were', () => {
  const other = [play('B'), ...task('b', 'skipped'), ...task('c', 'ok')];
  expect(told([play('A'), ...task('a', 'skipped'), ...other, play('C'), ...task('d', 'skipped'), runEnd])).toEqual([
    { ...play('A'), skipped: true },
    ...other,
    { ...play('C'), skipped: true },
    runEnd,
  ]);
});

test('a play of which no task was tried is not called skipped', () => {
  expect(told([play('A'), play('B'), runEnd])).toEqual([play('A'), play('B'), runEnd]);
});

test('what is no end of a task is told at once, with all before it', () => {
  const warning: Event = { type: 'warning', message: 'mind' };
  expect(told([play('A'), ...task('a', 'skipped'), warning])).toEqual([play('A'), ...task('a', 'skipped'), warning]);
});

test('a task that takes its time is told while it runs', () => {
  const out: Event[] = [];
  const folding = new Folding({ on: (event) => out.push(event) });
  const [start, host] = task('a', 'ok') as [Event, Event];
  for (const event of [play('A'), start, host]) folding.on(event);
  expect(out).toEqual([]);
  vi.runAllTimers();
  expect(out).toEqual([play('A'), start, host]);
});

test('a question and the end of the report let everything out', async () => {
  const out: Event[] = [];
  const folding = new Folding({ on: (event) => out.push(event) });
  folding.on(play('A'));
  await folding.quiet();
  expect(out).toEqual([play('A')]);
  folding.on(play('B'));
  await folding.close();
  expect(out).toEqual([play('A'), play('B')]);
});

test('its line', async () => {
  expect(
    await shown((out) => new Folding(new PlainReporter(out, options)), [play('A'), ...task('a', 'skipped'), play('B')]),
  ).toBe('\nPLAY A  site.yml:1:3, 2 hosts, all skipped\n\nPLAY B  site.yml:1:3, 2 hosts\n');
});
