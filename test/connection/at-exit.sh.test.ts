import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atExit } from '../../runner/model/script.ts';

test('what is cleaned up at the end is cleaned up, however often the script and its programs are told to end', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'at-exit-'));
  const script = `t=${join(dir, 'temporary')}\n(${atExit('echo cleaning; sleep 0.2; rm -f "$t"').text}\n: >"$t"; echo begun; while sleep 0.1; do :; done)`;
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const signals: string[] = [];
  shell.stdout.on('data', (words: Buffer) => {
    signals.push(String(words).trim());
    process.kill(-shell.pid!, 'SIGTERM');
  });
  await new Promise((resolve) => shell.stdout.on('close', resolve));
  expect(signals).toEqual(['begun', 'cleaning']);
  expect(existsSync(join(dir, 'temporary'))).toBe(false);
  rmSync(dir, { recursive: true });
});
