import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, startTime } from '../../lab/process.ts';

test('a process is alive until it ends', async () => {
  const child = spawn('cat');
  const self = { pid: child.pid ?? 0, started: startTime(child.pid ?? 0) };
  expect(isAlive(self)).toBe(true);
  child.stdin.end();
  await once(child, 'close');
  expect(isAlive(self)).toBe(false);
});

test('another process with the same number is not taken for it', () => {
  expect(isAlive({ pid: process.pid, started: '1' })).toBe(false);
});

test('no process at all is not alive', () => {
  expect(isAlive({ pid: Number(''), started: '' })).toBe(false);
  expect(isAlive({ pid: Number.NaN, started: '5' })).toBe(false);
});
