import { describe, expect, it, test } from 'vitest';
import { Outgoing } from '../../runner/engine/run/outgoing.ts';
import type { Event, TaskRef } from '../../runner/model/events.ts';
import { Secrets } from '../../runner/language/vault/secrets.ts';

const task: TaskRef = { id: 't', task: 'Print', module: 'shell', at: { file: 'site.yml', line: 1, col: 1 } };
const end = (host: string): Event => ({ type: 'task_end', ...task, host, status: 'ok', duration_ms: 1 });

/** What reporters get of the chunks that hosts print. */
function texts(chunks: readonly (readonly [host: string, text: string])[], ...values: string[]): string[] {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  const got: string[] = [];
  const outgoing = new Outgoing(
    [{ on: (event) => void (event.type === 'output' && got.push(`${event.host} ${event.text}`)) }],
    secrets,
  );
  for (const [host, text] of chunks) outgoing.emit({ type: 'output', id: task.id, host, stream: 'stdout', text });
  for (const host of new Set(chunks.map(([name]) => name))) outgoing.emit(end(host));
  return got;
}

describe('output', () => {
  it('is whole lines of each host, and the rest when the task ends', () => {
    expect(
      texts([
        ['a', 'one\ntw'],
        ['b', 'three'],
        ['a', 'o\nfour'],
        ['b', '\n'],
      ]),
    ).toEqual(['a one\n', 'a two\n', 'b three\n', 'a four']);
  });

  it('has no secret wherever it is cut, also in a line that is never ended', () => {
    const line = `${'x'.repeat(200_000)}hunter2secret${'y'.repeat(200_000)}`;
    for (const size of [4093, 65_531, 200_007]) {
      const chunks = Array.from(
        { length: Math.ceil(line.length / size) },
        (_, i) => ['a', line.slice(i * size, (i + 1) * size)] as const,
      );
      const got = texts(chunks, 'hunter2secret').map((text) => text.slice(2));
      expect(got.length).toBeGreaterThan(1);
      expect(got.join('')).toBe(`${'x'.repeat(200_000)}********${'y'.repeat(200_000)}`);
    }
  });
});

// Joining and searching all that came before with each chunk takes longer than any test may.
test('a long line that comes in many small pieces takes time in proportion to its length', () => {
  const got = texts(
    Array.from({ length: 1_000_000 }, () => ['a', 'x\r'] as const),
    'hunter2secret',
  );
  expect(got.map((text) => text.length - 2).reduce((sum, length) => sum + length)).toBe(2_000_000);
});
