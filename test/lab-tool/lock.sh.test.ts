import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLock } from '../../lab/lock.ts';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'lock-'))));
afterAll(() => rm(dir, { recursive: true }));

test('two pieces of work under one lock never overlap', async () => {
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resume) => setTimeout(resume, 50));
    seen.push(`${name} ends`);
  };
  const file = join(dir, 'two');
  await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
  expect(seen.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends']);
});

test('the lock of failed work is free again', async () => {
  const file = join(dir, 'failed');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, async () => 'taken')).toBe('taken');
});

test('the lock of a killed process is free again', async () => {
  const file = join(dir, 'killed');
  const lock = resolve(import.meta.dirname, '../../lab/lock.ts');
  const program = `import(${JSON.stringify(lock)}).then(({ takeLock }) => takeLock(${JSON.stringify(file)})).then(() => { console.log('held'); setInterval(() => {}, 1000); })`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  let waited = false;
  const taken = withLock(
    file,
    async () => 'taken',
    () => {
      waited = true;
      holder.kill('SIGKILL');
    },
  );
  expect(await taken).toBe('taken');
  expect(waited).toBe(true);
});
