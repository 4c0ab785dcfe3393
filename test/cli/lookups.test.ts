import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { localHosts, world } from './world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = {
  'inv.yml': localHosts,
  'good.yml': '- hosts: web\n  tasks: [{debug: {msg: hi}}]\n',
  'bad.yml': '- hosts: web\n  tasks:\n    - debug: {mgs: hi}\n    - copy: {content: x}\n',
};

test('validate: fine, with an inventory and without', async () => {
  const { xrun } = world(files);
  expect(await xrun(['validate', 'good.yml'])).toEqual({ code: 0, stdout: '1 playbook valid\n', stderr: '' });
  expect(await xrun(['validate', 'good.yml', 'good.yml', '-i', 'inv.yml'])).toEqual({
    code: 0,
    stdout: '2 playbooks valid\n',
    stderr: '',
  });
});

test('validate: every mistake of every file', async () => {
  const { code, stdout, stderr } = await world(files).xrun(['validate', 'bad.yml', 'missing.yml', '-i', 'inv.yml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatchInlineSnapshot(`
    "error[E_ARGUMENT]: module 'debug' has no argument 'mgs'
      at bad.yml:3:15
      1 | - hosts: web
      2 |   tasks:
      3 |     - debug: {mgs: hi}
        |               ^^^
      4 |     - copy: {content: x}
      5 |
      hint: Did you mean 'msg'?

    error[E_ARGUMENT]: module 'copy' needs the argument 'dest'
      at bad.yml:4:7
      2 |   tasks:
      3 |     - debug: {mgs: hi}
      4 |     - copy: {content: x}
        |       ^^^^
      5 |
      hint: It takes a text.

    error[E_FILE]: cannot read missing.yml: the file does not exist

    3 errors found
    "
  `);
});

test('validate: warnings are told beside mistakes', async () => {
  const both = '- hosts: web\n  tasks:\n    - {command: ls, register: unread}\n    - coppy: {}\n';
  const { code, stderr } = await world({ ...files, 'both.yml': both }).xrun(['validate', 'both.yml', '-i', 'inv.yml']);
  expect(code).toBe(2);
  expect(stderr.match(/^(warning|error)\[\w+\]|^\d+ error/gm)).toEqual([
    'warning[W_REGISTER]',
    'error[E_MODULE]',
    '1 error',
  ]);
});

test('variables of the command line that nothing reads are told', async () => {
  const site =
    '- hosts: web\n  vars: {shown: "{{colour}} {{greeting}}"}\n  tasks:\n    - debug: {msg: "{{shown}}"}\n      when: default(state, "up") == "up"\n';
  const { xrun } = world({ ...files, 'site.yml': site, 'more.yml': 'other: 1\n' });
  const given = [
    '-e',
    'stat=down',
    '-e',
    'greeting="hello {{name}}" name=you',
    '-e',
    '{"colour": "red", "size": 3}',
    '-e',
    '@more.yml',
    '-e',
    'xrun_user=me',
  ];
  const { code, stderr } = await xrun(['validate', 'site.yml', '-i', 'inv.yml', ...given]);
  expect(code).toBe(0);
  expect(stderr.match(/^(warning|  hint).*/gm)).toEqual([
    "warning[W_EXTRA_VARS]: nothing reads 'stat', which --extra-vars gives",
    "  hint: Did you mean 'state'?",
    "warning[W_EXTRA_VARS]: nothing reads 'size', which --extra-vars gives",
  ]);
});

test('inventory: groups, tree, JSON', async () => {
  const { xrun } = world(files);
  expect((await xrun(['inventory', '-i', 'inv.yml'])).stdout).toBe('all: h1, h2\nungrouped: h2\nweb: h1\n');
  expect((await xrun(['inventory', '-i', 'inv.yml', '--graph'])).stdout).toMatchInlineSnapshot(`
    "@all:
      @web:
        h1
      h2
    "
  `);
  expect(JSON.parse((await xrun(['inventory', '-i', 'inv.yml', '--json', '-l', 'web'])).stdout)).toMatchObject({
    _meta: { hostvars: { h1: { n: 1, colour: 'green' } } },
    web: { hosts: ['h1'] },
  });
});

test('vars: every variable with its place, or all candidates of one', async () => {
  const { xrun } = world({ ...files, 'host_vars/h1.yml': 'greeting: "hi {{colour}}"\n' });
  expect((await xrun(['vars', 'h1', '-i', 'inv.yml'])).stdout).toContain('greeting: "hi green"  # ');
  const explained = await xrun(['vars', 'h1', '-i', 'inv.yml', '--explain', 'colour', '-e', 'colour=red']);
  expect(explained.stdout.replaceAll(/\S*\/(?=inv.yml)/g, '')).toBe(
    'colour = "red"\n* extra: "red"  --extra-vars 1\n  inventory: "green"  group all, inv.yml:3:42\n',
  );
  expect(JSON.parse((await xrun(['vars', 'h1', '-i', 'inv.yml', '--json'])).stdout)).toMatchObject({ n: 1 });
  expect(await xrun(['vars', 'h1', '-i', 'inv.yml', '--explain', 'color'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("'colour'") as string,
  });
  expect(await xrun(['vars', 'h3', '-i', 'inv.yml'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean 'h1' or 'h2'?") as string,
  });
});

test('modules: the index, one of them, its alias, and none', async () => {
  const { xrun } = world();
  expect((await xrun(['modules'])).stdout).toMatch(/^copy +Copy a file/m);
  const page = (await xrun(['modules', 'command'])).stdout;
  for (const told of [
    'command: Run a command',
    '  cmd  text, free form',
    '  stdin_add_newline  true or false, default true',
    'Examples',
  ])
    expect(page).toContain(told);
  expect((await xrun(['modules', 'apt'])).stdout).toContain('package: ');
  expect(JSON.parse((await xrun(['modules', 'copy', '--json'])).stdout)).toMatchObject({ name: 'copy' });
  expect(await xrun(['modules', 'cpoy'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean 'copy'") as string,
  });
});

/** The two schemas, each compiled once. */
const compiled = new Map<string, Promise<ValidateFunction>>();
function validator(of: string): Promise<ValidateFunction> {
  if (!compiled.has(of)) compiled.set(of, compile(of));
  return compiled.get(of) as Promise<ValidateFunction>;
}

async function compile(of: string): Promise<ValidateFunction> {
  const { stdout } = await world().xrun(['schema', of]);
  return new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: false,
    inlineRefs: false,
    code: { optimize: false },
  }).compile(JSON.parse(stdout) as object);
}

/** Editors see values, not the places that the loader keeps. */
const valueOf = (file: string) =>
  JSON.parse(JSON.stringify(loadYaml(readFileSync(file, 'utf8'), file).value)) as unknown;

test("the playbooks' schema takes this project's playbooks", async () => {
  const valid = await validator('playbook');
  const playbooks = readdirSync(path.join(root, 'playbooks')).filter((file) => file.endsWith('.yml'));
  expect(playbooks.length).toBeGreaterThan(0);
  for (const file of playbooks) {
    valid(valueOf(path.join(root, 'playbooks', file)));
    expect(valid.errors ?? [], file).toEqual([]);
  }
});

test.each([
  ['a keyword of plays', [{ hosts: 'all', taks: [] }]],
  ['a keyword of tasks', [{ hosts: 'all', tasks: [{ debug: {}, whn: 'x' }] }]],
  ['a module', [{ hosts: 'all', tasks: [{ copi: {} }] }]],
  ['an argument', [{ hosts: 'all', tasks: [{ copy: { dst: '/x' } }] }]],
  ['a value', [{ hosts: 'all', tasks: [{ file: { path: '/x', state: 'directry' } }] }]],
  ['in a block', [{ hosts: 'all', tasks: [{ block: [{ debug: { mgs: 1 } }] }] }]],
  ['a play without hosts', [{ tasks: [] }]],
])('the schema finds a mistake in %s', async (_where, playbook) => {
  expect((await validator('playbook'))(playbook)).toBe(false);
});

test("the inventories' schema takes what inventories are, and nothing else", async () => {
  const valid = await validator('inventory');
  expect(valid(valueOf(path.join(root, 'inventory/prod.yml')))).toBe(true);
  expect(valid({ all: { hosts: { a: null }, children: { web: { hosts: { b: { xrun_port: 1 } } } } } })).toBe(true);
  expect(valid({ all: { host: {} } })).toBe(false);
  expect(valid({ all: { hosts: ['a'] } })).toBe(false);
});
