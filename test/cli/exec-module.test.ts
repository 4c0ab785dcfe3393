import { expect, test } from 'vitest';
import { localHosts, world } from './world.ts';

const files = { 'inv.yml': localHosts };

/** What `xrun exec` refuses before any host is touched: the first lines of its errors. */
async function refused(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await world(files).xrun(['exec', ...argv, '-i', 'inv.yml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return stderr;
}

test.each([
  ['an unknown argument', 'copy', 'dst=/x content=y', "E_ARGUMENT]: module 'copy' has no argument 'dst'"],
  ['a missing argument', 'copy', 'content=y', "E_ARGUMENT]: module 'copy' needs the argument 'dest'"],
  ['a wrong value', 'file', 'path=/x state=directry', "E_ARGUMENT]: argument 'state' of module 'file'"],
  ['a bare word', 'copy', '/x', "E_ARGUMENT]: module 'copy': found '/x', expected name=value"],
  ['a wrong mapping', 'copy', '{"dest": "/x", "content": "y", "md": 1}', "module 'copy' has no argument 'md'"],
  ['broken YAML', 'copy', '{dest: /x', "E_YAML]: this '{' is never closed"],
  ['an undefined variable', 'copy', 'dest=/x content={{color}}', "E_UNDEFINED]: 'color' is not defined"],
  ['a file that does not exist', 'copy', 'dest=/x src=none', "E_LOCAL_FILE]: file 'none' was not found"],
  ['an unknown module', 'cpy', 'dest=/x', "E_MODULE]: unknown module 'cpy'"],
  ['a keyword', 'block', 'a=b', "E_MODULE]: unknown module 'block'"],
  ['no module name', 'a b', '', "E_MODULE]: 'a b' is not a valid module name"],
])('%s is reported before any host is touched', async (_what, module, args, message) => {
  expect(await refused('web', '-m', module, '-a', args)).toContain(message);
});

test('the place of an error is the argument of the command line', async () => {
  expect(await refused('web', '-m', 'copy', '-a', '{dest: /x, content: y, md: 1}')).toContain('  at --args:1:24\n');
});

test('a pattern is reported as one of the command line', async () => {
  expect(await refused('wbe', '-m', 'ping')).toContain("Did you mean 'web'?");
  expect(await refused('web:!web', '-m', 'ping')).toBe("error[E_HOSTS]: no host matches 'web:!web'\n");
});

test.each([
  [['web'], 'needs a command or a module'],
  [['web', '-m', 'ping', 'uptime'], 'takes a command or a module, not both'],
  [['web', '-a', 'dest=/x', 'uptime'], '--args needs --module'],
])('%j: exactly one of a command and a module', async (argv, message) => {
  const stderr = await refused(...argv);
  expect(stderr).toContain('error[E_USAGE]: ');
  expect(stderr).toContain(message);
});
