import { chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { localHosts, world } from './world.ts';
import type { Given, World } from './world.ts';

/** The files of a project, in a directory that only its owner may write. */
function project(files: Record<string, string>): World {
  const made = world({ 'site.yml': '- hosts: all\n  gather_facts: false\n  tasks: []\n', ...files });
  chmodSync(made.dir, 0o755);
  return made;
}

/** The lines of `xrun config --explain`, without the directory of the project, for these keys. */
async function explained(files: Record<string, string>, keys: string[], argv: string[] = [], given: Given = {}) {
  const { dir, xrun } = project(files);
  const { code, stdout, stderr } = await xrun(['config', '--explain', ...argv], given);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .replaceAll(dir, 'DIR')
    .split('\n')
    .filter((line) => keys.some((key) => line.startsWith(`${key}:`)));
}

describe('the command line is stronger than the environment, that than the configuration, that than the default', () => {
  const files = { 'xrun.config.yml': 'forks: 3\noutput: plain\nverbose: 1\n' };

  test.each([
    { argv: [], env: {}, line: 'forks: 3  # xrun.config.yml:1:8' },
    { argv: [], env: { XRUN_FORKS: '4' }, line: 'forks: 4  # XRUN_FORKS; instead of 3, xrun.config.yml:1:8' },
    { argv: [], env: { XRUN_FORKS: '' }, line: 'forks: 3  # xrun.config.yml:1:8' },
    {
      argv: ['-f', '5'],
      env: { XRUN_FORKS: '4' },
      line: 'forks: 5  # command line; instead of 4, XRUN_FORKS; instead of 3, xrun.config.yml:1:8',
    },
  ])('$line', async ({ argv, env, line }) => {
    expect(await explained(files, ['forks'], argv, { env })).toEqual([line]);
  });

  test('defaults are shown too', async () => {
    expect(await explained(files, ['verbose', 'tags', 'color'])).toEqual([
      'tags: []  # default',
      'color: true  # default',
      'verbose: 1  # xrun.config.yml:3:10',
    ]);
  });
});

test('paths are those of the directory of the configuration', async () => {
  const text = `inventory: [hosts.yml, 'a,b', /etc/hosts.yml]
vault_password_file: ~/.vault
privateKey: keys/id
known-hosts: known
limit: '@failed'
extra_vars: ['@vars.yml', {port: 80}]
tags: [a, 'b, c']
`;
  expect(
    await explained(
      { 'xrun.config.yml': text },
      ['inventory', 'vault_password_file', 'private_key', 'known_hosts', 'limit', 'extra_vars', 'tags'],
      ['--reveal'],
    ),
  ).toEqual([
    'tags: ["a","b","c"]  # xrun.config.yml:7:7',
    'inventory: ["DIR/hosts.yml","a,b","/etc/hosts.yml"]  # xrun.config.yml:1:12',
    'limit: "@DIR/failed"  # xrun.config.yml:5:8',
    'extra_vars: ["@DIR/vars.yml","{\\"port\\":80}"]  # xrun.config.yml:6:13',
    `vault_password_file: ["${homedir()}/.vault"]  # xrun.config.yml:2:22`,
    'private_key: "DIR/keys/id"  # xrun.config.yml:3:13',
    'known_hosts: "DIR/known"  # xrun.config.yml:4:14',
  ]);
});

test('it is found above the playbook, wherever xrun is called', async () => {
  const { dir, xrun } = project({ 'p/xrun.config.ts': "export default { inventory: 'h1,', forks: 7 as number };" });
  const { stdout } = await xrun(['config', 'p/plays/site.yml', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ inventory: ['h1,'], forks: 7 });
  expect((await xrun(['config'])).stdout).toContain('# no configuration was found\n');
  expect(dir).not.toBe('');
});

test('commands obey it: inventory, variables, and the password of an encrypted file', async () => {
  const { xrun } = project({
    'xrun.config.yml': 'inventory: hosts.yml\nvault_password_file: password\nextra_vars: {colour: red}\njson: true\n',
    'hosts.yml': localHosts,
    password: 'secret\n',
    letter: 'hello\n',
  });
  expect(JSON.parse((await xrun(['vars', 'h1'])).stdout)).toMatchObject({ colour: 'red' });
  expect((await xrun(['vars', 'h1', '--no-json', '-e', 'colour=blue'])).stdout).toContain('colour: "blue"');
  expect(await xrun(['vault', 'encrypt', 'letter'])).toMatchObject({ code: 0, stderr: '' });
  expect((await xrun(['vault', 'view', 'letter'])).stdout).toBe('hello\n');
});

test('a switch of the configuration is turned off by its --no- option', async () => {
  const files = { 'package.json': '{"name": "p", "xrun": {"check": true, "become": true, "color": false}}' };
  expect(await explained(files, ['check', 'become', 'color'], ['--no-check'], { env: { XRUN_BECOME: 'no' } })).toEqual([
    'check: false  # command line; instead of true, package.json:1:33',
    'color: false  # package.json:1:64',
    'become: false  # XRUN_BECOME; instead of true, package.json:1:49',
  ]);
});

test('of options that exclude each other the stronger counts', async () => {
  const files = { 'xrun.config.yml': 'limit: web\n' };
  expect(await explained(files, ['limit', 'retry_failed'], ['--retry-failed'])).toEqual([
    'retry_failed: true  # command line',
  ]);
  const { xrun } = project({ 'xrun.config.yml': 'limit: web\nretry_failed: true\n' });
  expect(await xrun(['site.yml'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('error[E_CONFIG]: --retry-failed and --limit exclude each other') as string,
  });
});

test.each([
  ['fork: 3\n', '1:1', "unknown key 'fork'", "Did you mean 'forks'?"],
  ['forks: many\n', '1:8', "'forks': expected a whole number above 0, found the text", 'many'],
  ['check: 1\n', '1:8', "'check': expected true or false, found the number 1"],
  ['become_method: pfexec\n', '1:16', "'become_method': expected one of sudo, su, doas, found the text", 'pfexec'],
  ['tags: [a, 1]\n', '1:11', "'tags': expected text or a list of texts, found the number 1"],
  ['private-key: a\nprivateKey: b\n', '2:1', "'privateKey' and 'private-key' are the same key"],
])('%j is refused', async (text, place, ...parts) => {
  const { xrun } = project({ 'xrun.config.yml': text });
  const { code, stdout, stderr } = await xrun(['site.yml', '-i', 'h,']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const part of [`at xrun.config.yml:${place}\n`, ...parts]) expect(stderr).toContain(part);
});

test.each([
  [{ XRUN_FORKS: 'x' }, "the environment variable XRUN_FORKS has the value 'x'"],
  [{ XRUN_CHECK: 'perhaps' }, "the environment variable XRUN_CHECK has the value 'perhaps'"],
  [{ XRUN_BECOME_METHOD: 'pfexec' }, 'XRUN_BECOME_METHOD'],
  [{ XRUN_VERBOSE: '-1' }, 'XRUN_VERBOSE'],
])('%j is refused', async (env, message) => {
  const { code, stderr } = await project({}).xrun(['site.yml', '-i', 'h,'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('a variable that is nearly one of an option is reported', async () => {
  const { stderr } = await project({}).xrun(['config'], {
    env: { XRUN_FORK: '3', XRUN_STATE_DIR: '/x', XRUN_ODD_THING: '' },
  });
  expect(stderr).toBe("warning: the environment variable XRUN_FORK is not one of xrun. Did you mean 'XRUN_FORKS'?\n");
});

test('a list in the environment has a value a line; variables of -e are masked', async () => {
  const env = { XRUN_INVENTORY: 'a.yml\nb.yml\n', XRUN_TAGS: 'x,y', XRUN_EXTRA_VARS: 'password=1' };
  expect(await explained({}, ['inventory', 'tags', 'extra_vars'], [], { env })).toEqual([
    'tags: ["x","y"]  # XRUN_TAGS',
    'inventory: ["a.yml","b.yml"]  # XRUN_INVENTORY',
    'extra_vars: ["..."]  # XRUN_EXTRA_VARS',
  ]);
});

test.each([
  ['the directory', 0o777, ''],
  ['a directory above', 0o777, 'deep/project/'],
])('%s may be written by others: refused', async (_what, mode, folder) => {
  const { dir, xrun } = project({ [`${folder}xrun.config.yml`]: 'forks: 3\n', [`${folder}site.yml`]: '- hosts: h\n' });
  chmodSync(join(dir, folder && 'deep'), mode);
  const { code, stderr } = await xrun([`${folder}site.yml`, '-i', 'h,']);
  expect(code).toBe(2);
  expect(stderr).toContain('others may write');
  expect(stderr).toContain('its mode is 0777, so the configuration is refused');
});

test('its JSON Schema knows every key, and refuses others', async () => {
  const { stdout } = await world().xrun(['schema', 'config']);
  const valid = new Ajv({ strict: false }).compile(JSON.parse(stdout) as object);
  expect(valid({ forks: 3, inventory: ['a'], plugins: 'x', color: false, extra_vars: { a: 1 } })).toBe(true);
  for (const wrong of [{ fork: 3 }, { forks: 0 }, { become_method: 'x' }]) expect(valid(wrong)).toBe(false);
});

test('options of the command itself are none of a run', async () => {
  expect(await explained({}, ['explain', 'json', 'reveal'])).toEqual([]);
});
