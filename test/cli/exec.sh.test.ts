import { expect, test } from 'vitest';
import { localHosts, world } from './world.ts';

const files = { 'inv.yml': localHosts };

test('one text is shell text; braces are no templates', async () => {
  const { code, stdout, stderr } = await world(files).xrun([
    'exec',
    'web',
    '-i',
    'inv.yml',
    '--',
    'echo "{{x}}" | tr x y; echo oops >&2',
  ]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'h1 | {{y}}\n', stderr: 'h1 | oops\n' });
});

test('several words are a program and its arguments', async () => {
  const { stdout } = await world(files).xrun([
    'exec',
    'all',
    '-i',
    'inv.yml',
    '--',
    'printf',
    '%s\\n',
    'a  b',
    '$HOME',
    '*',
  ]);
  expect(stdout.split('\n').filter((line) => line.startsWith('h2'))).toEqual(['h2 | a  b', 'h2 | $HOME', 'h2 | *']);
});

test('a command that fails somewhere: 1, and how many', async () => {
  const { code, stderr } = await world(files).xrun(['exec', 'all', '-i', 'inv.yml', '--', 'exit 4']);
  expect(code).toBe(1);
  expect(stderr).toContain('failed on 2 of 2 hosts\n');
});

test('no such host: 2', async () => {
  const { code, stderr } = await world(files).xrun(['exec', 'wbe', '-i', 'inv.yml', '--', 'true']);
  expect(code).toBe(2);
  expect(stderr).toContain("Did you mean 'web'?");
});

test('other outputs, too', async () => {
  const { stdout } = await world(files).xrun(['exec', 'web', '-i', 'inv.yml', '-o', 'jsonl', '--', 'true']);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type),
  ).toContain('task_end');
});
