import { expect, test } from 'vitest';
import { probeKey } from '../../runner/engine/action/lookahead.ts';
import type { Prepared } from '../../runner/engine/action/prepared-ahead.ts';
import type { TaskContext } from '../../runner/engine/task/context.ts';
import { raw, withStdin } from '../../runner/model/script.ts';

test('probes that read something else are not the same question', () => {
  const key = (stdin: string | Buffer) =>
    probeKey({} as TaskContext, { probe: withStdin(raw('psql'), stdin) } as Prepared);
  expect(key('SELECT 1')).not.toBe(key('SELECT 2'));
  expect(key('SELECT 1')).toBe(key(Buffer.from('SELECT 1')));
});
