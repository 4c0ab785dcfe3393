import { expect, test } from 'vitest';
import { JsonlReporter } from '../../runner/reporters/jsonl.ts';
import { eventSchema } from '../../runner/reporters/jsonl-schema.ts';
import { shown } from './shown.ts';

type Line = Record<string, unknown>;
const ts = '2026-01-02T03:04:05.678Z';
const stamp = { run_id: 'r1', version: '1.2.3', now: () => new Date(ts) };
const lines = async (results: boolean): Promise<Line[]> => {
  const text = await shown((out) => new JsonlReporter(out, { ...stamp, results }));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
};

test('one event a line, the type first, no internal ids', async () => {
  const text = await shown((out) => new JsonlReporter(out, { ...stamp, results: false }));
  expect(
    text
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith('{"type":"')),
  ).toBe(true);
  expect((await lines(false)).some((line) => 'id' in line)).toBe(false);
});

test('the end of a task, as the contract has it', async () => {
  const ends = (await lines(false)).filter(({ type }) => type === 'task_end');
  expect(ends.find(({ host, status }) => host === 'n2' && status === 'failed')).toEqual({
    type: 'task_end',
    ts,
    run_id: 'r1',
    version: '1.2.3',
    host: 'n2',
    task: 'Build',
    module: 'shell',
    at: 'site.yml:9:7',
    status: 'failed',
    duration_ms: 900,
    error: {
      code: 'E_TASK',
      message: 'the command failed',
      at: 'site.yml:10:7',
      rc: 2,
      stdout: '',
      stderr: 'oh no\n<b>bold</b>\n',
    },
  });
});

test('each host and task has one task_end; items of loops are another type', async () => {
  const all = await lines(false);
  const ends = all.filter(({ type }) => type === 'task_end').map(({ host, task }) => `${String(host)} ${String(task)}`);
  expect(new Set(ends).size).toBe(ends.length);
  expect(all.filter(({ type }) => type === 'item_end').map(({ item, status }) => [item, status])).toEqual([
    ['one', 'changed'],
    ['two', 'skipped'],
  ]);
});

test('results and commands where they are asked for', async () => {
  const changed = (all: Line[]) => all.find(({ type, host }) => type === 'task_end' && host === 'n2');
  expect(changed(await lines(false))).not.toHaveProperty('result');
  expect(changed(await lines(true))).toMatchObject({
    result: { changed: true },
    commands: ['apt-get install docker.io'],
  });
});

test('output names its task', async () => {
  expect((await lines(false)).find(({ type }) => type === 'output')).toMatchObject({
    host: 'n1',
    task: 'Build',
    stream: 'stdout',
  });
});

test('every line is what `xrun schema events` says', async () => {
  const all = await lines(true);
  expect(all.map((line) => eventSchema.parse(line))).toEqual(all);
});
