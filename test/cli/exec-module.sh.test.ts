import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { localHosts, world } from './world.ts';

const files = { 'inv.yml': localHosts };

test('a module is checked, run, and right the second time', async () => {
  const { dir, xrun } = world(files);
  const out = path.join(dir, 'out');
  const copy = ['exec', 'web', '-i', 'inv.yml', '-m', 'copy', '-a', `dest=${out} content={{colour}}`];
  expect(await xrun([...copy, '--check', '--diff'])).toEqual({
    code: 0,
    stdout: `h1 | changed\nh1 | + ${out}: green\n`,
    stderr: '',
  });
  expect(existsSync(out)).toBe(false);
  expect((await xrun(copy)).stdout).toBe('h1 | changed\n');
  expect(readFileSync(out, 'utf8')).toBe('green');
  expect((await xrun(copy)).stdout).toBe('h1 | ok\n');
});

test.each([
  ['JSON', (out: string) => JSON.stringify({ dest: out, content: 'a b\n' })],
  ['a flow mapping', (out: string) => `{dest: ${out}, content: "a b\\n"}`],
  ['a block mapping', (out: string) => `dest: ${out}\ncontent: |\n  a b\n`],
])('arguments as %s', async (_what, argsOf) => {
  const { dir, xrun } = world(files);
  const out = path.join(dir, 'out');
  expect((await xrun(['exec', 'web', '-i', 'inv.yml', '-m', 'copy', '-a', argsOf(out)])).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe('a b\n');
});

test('free form: shell text that looks a little like a mapping', async () => {
  const { stdout, stderr } = await world(files).xrun([
    ...['exec', 'web', '-i', 'inv.yml', '-m', 'shell', '-a', '{ echo a; } | tr a b; echo oops >&2'],
  ]);
  expect({ stdout, stderr }).toEqual({ stdout: 'h1 | b\nh1 | changed\n', stderr: 'h1 | oops\n' });
});

test('files are found beside the working directory; a check of a command runs nothing', async () => {
  const { dir, xrun } = world({ ...files, 'files/motd': 'hello\n' });
  const out = path.join(dir, 'out');
  await xrun(['exec', 'web', '-i', 'inv.yml', '-m', 'copy', '-a', `src=motd dest=${out}`]);
  expect(readFileSync(out, 'utf8')).toBe('hello\n');
  await xrun(['exec', 'web', '-i', 'inv.yml', '--check', '--', 'rm', out]);
  expect(existsSync(out)).toBe(true);
});

test('a module that fails: 1, why, and on how many hosts', async () => {
  const { code, stdout, stderr } = await world(files).xrun([
    ...['exec', 'all', '-i', 'inv.yml', '-m', 'fail', '-a', 'msg=no'],
  ]);
  expect({ code, stdout: stdout.split('\n').toSorted() }).toEqual({
    code: 1,
    stdout: ['', 'h1 | failed', 'h2 | failed'],
  });
  expect(stderr).toContain('h1 | no\n');
  expect(stderr).toContain('failed on 2 of 2 hosts\n');
});
