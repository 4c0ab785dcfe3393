import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { localHosts, world } from '../world.ts';

function console_(stdin: string, argv: string[] = []) {
  const made = world({ 'inv.yml': localHosts });
  chmodSync(made.dir, 0o755);
  return made.xrun(['console', '-i', 'inv.yml', ...argv], { stdin });
}

test('lines of a pipe are done one after the other, on the chosen hosts', async () => {
  const { code, stdout, stderr } = await console_(`# no prompt is shown
hosts
cd web
hosts
! echo "n is $((2 + 1))"
debug msg={{colour}}
`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe('h1\nh2\nh1\nh1 | n is 3\nh1 | ok: green\n');
});

test('check is on until it is turned off; a module shows what it would change', async () => {
  const { stdout, code } = await console_('check on\ncopy dest={{playbook_dir}}/made content=hi\ncheck\n', ['web']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^check is on\n.*h1 \| changed.*check is off\n$/s);
});

test('an error ends its line, not the console; the exit code is that of the first', async () => {
  const { code, stdout, stderr } = await console_(
    'servise\n! exit 3\ncd nowhere\n! echo still here\nexit\n! echo never\n',
    ['web'],
  );
  expect(code).toBe(2);
  expect(stdout).toBe('h1 | still here\n');
  expect(stderr).toContain("there is no module 'servise'");
  expect(stderr).toContain('failed on 1 of 1 host');
  expect(stderr).toContain("'nowhere'");
});

test('a pattern that matches nothing is refused before a line is read', async () => {
  expect(await console_('! echo no\n', ['nowhere'])).toMatchObject({ code: 2, stdout: '' });
});
