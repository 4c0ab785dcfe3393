import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { playground } from '../support/playground.ts';
import type { Playground } from '../support/playground.ts';

const SIZE = 20_000_000;
const print = `yes 0123456789 | head -c ${SIZE}`;
let ground: Playground;
afterEach(() => ground.clean());

const runs = async (task: object) => {
  ground = await playground(
    { 'site.yml': JSON.stringify([{ hosts: 'all', gather_facts: false, tasks: [{ ...task, name: 'prints' }] }]) },
    { h1: {} },
  );
  const { events } = await ground.run();
  const end = events.find((event) => event.type === 'task_end');
  return end?.type === 'task_end' ? String(end.result?.stdout ?? '') : '';
};

describe('output that is too long for memory', () => {
  it('is whole in a file that the result names', async () => {
    const stdout = await runs({ shell: print });
    const [, missing, file = ''] = /\[xrun left out (\d+) bytes here; all of it is in (.*)\]/.exec(stdout) ?? [];
    expect(Number(missing)).toBe(SIZE - 16 * 1024 * 1024);
    const all = await readFile(file);
    expect(all.equals(Buffer.from('0123456789\n'.repeat(SIZE / 11 + 1)).subarray(0, SIZE))).toBe(true);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  });

  it('is written nowhere where it is not to be shown', async () => {
    await runs({ shell: print, no_log: true });
    await expect(readdir(join(ground.dir, '.xrun', 'output'))).rejects.toThrow('ENOENT');
  });
});
