import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { world } from './world.ts';

test('a new project is valid, and has a plan', async () => {
  const { dir, xrun } = world();
  const { code, stdout } = await xrun(['init']);
  expect(code).toBe(0);
  expect(stdout).toContain('created site.yml\n');
  expect(readdirSync(dir).toSorted()).toEqual(
    ['.github', '.gitignore', 'inventory', 'roles', 'site.yml', 'xrun.config.yml'].toSorted(),
  );
  expect(await xrun(['validate', 'site.yml'])).toEqual({ code: 0, stdout: '1 playbook valid\n', stderr: '' });
  expect((await xrun(['inventory'])).stdout).toContain('web: localhost\n');
  expect((await xrun(['site.yml', '--list-tasks'])).stdout).toContain('Write the greeting');
});

test('a file that exists is not overwritten, and nothing is written', async () => {
  const { dir, xrun } = world({ 'demo/site.yml': '- hosts: mine\n' });
  expect(await xrun(['init', 'demo'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error[E_INIT]: demo already has site.yml; nothing was written\n  hint: Choose an empty directory: `xrun init DIR`.\n',
  });
  expect(readdirSync(`${dir}/demo`)).toEqual(['site.yml']);
});

test.each([
  ['file', 'file/demo'],
  ['demo/roles', 'demo'],
])('%s is a file, so %s cannot be written, and nothing is', async (file, demo) => {
  const { dir, xrun } = world({ [file]: '' });
  const before = readdirSync(dir, { recursive: true });
  const { code, stderr } = await xrun(['init', demo]);
  expect(readdirSync(dir, { recursive: true })).toEqual(before);
  expect(code).toBe(2);
  expect(stderr).toContain('error[E_INIT]: cannot write');
});
