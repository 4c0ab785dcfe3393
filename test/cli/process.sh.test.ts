import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const call = promisify(execFile);
const bin = fileURLToPath(new URL('../../bin/xrun.js', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('the version is told without loading anything else', async () => {
  expect((await call(process.execPath, [bin, '--version'])).stdout).toBe(`${version}\n`);
  // With nothing to load but itself: neither the bundle nor a package.
  const loaded = await call(process.execPath, [bin, '-V'], { env: { ...process.env, NODE_DEBUG: 'esm,module' } });
  expect(loaded.stderr).not.toMatch(/\/node_modules\/\w|dist\/cli/);
});

test('exit codes reach the shell, and a pipe that closes is no error', async () => {
  await expect(call(process.execPath, [bin, 'nothing.yml', '-i', 'h,'])).rejects.toMatchObject({ code: 2 });
  const child = spawn('sh', ['-c', `"$0" "$1" modules | head -1`, process.execPath, bin]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(stderr).toBe('');
});
