import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonSchema, moduleDocs, projectModules } from '../../runner/api/index.ts';
import { inProject, moduleText, site, told } from './project.ts';

const COMMON_JS = moduleText('acme')
  .replace(/import (.*) from (.*);/, 'const $1 = require($2);')
  .replace('export default', 'module.exports =')
  .replace(/interface.*|: State/g, '');
const RIGHT = site('acme: {to: /x, name: you}');
const WRONG = site('acme: {to: /x, nam: you}');
const NAM = "E_ARGUMENT site.yml:4:22 module 'acme' has no argument 'nam'";

describe('a module is found, and its arguments are checked,', () => {
  test.each<[where: string, files: Record<string, string>]>([
    ['in modules/ beside the playbook', { 'modules/acme.ts': moduleText('acme') }],
    [
      'in a file of another name',
      {
        'modules/_shared.ts': 'throw 1',
        'modules/x.test.ts': 'throw 1',
        'modules/other.mjs': moduleText('acme').replace(/interface.*|: State/g, ''),
      },
    ],
    ['in CommonJS', { 'modules/acme.js': COMMON_JS }],
    [
      'in a file that the configuration names',
      { 'xrun.config.yml': 'plugins: [./lib/acme.ts]\n', 'lib/acme.ts': moduleText('acme') },
    ],
    [
      'in a package that the configuration names',
      {
        'xrun.config.ts': "export default { plugins: ['xrun-acme'] as string[] };",
        ...packageOf('xrun-acme', 'index.ts', moduleText('acme')),
      },
    ],
    [
      'in a package with a scope, named in package.json',
      {
        'package.json': '{"xrun": {"plugins": "@acme/xrun"}}',
        ...packageOf(
          '@acme/xrun',
          'dist/main.js',
          moduleText('acme').replace(/interface.*|: State/g, ''),
          '"type": "module", ',
        ),
      },
    ],
    [
      'by name, in a list of several',
      {
        'modules/all.ts': `${moduleText('acme').replace('export default', 'export const one =')}\nexport const more = [{ ...one, name: 'acme_two' }];`,
      },
    ],
  ])('%s', async (_where, files) => {
    expect(await told({ 'site.yml': RIGHT, ...files })).toEqual([]);
    expect(await told({ 'site.yml': WRONG, ...files })).toEqual([NAM]);
  });

  test('in a role, whose tasks and those after them may use it', async () => {
    const files = {
      'roles/acme.app/tasks/main.yml': '- acme: {to: /x, nam: you}\n',
      'roles/acme.app/modules/acme.ts': moduleText('acme'),
    };
    const [error, ...others] = await told({
      'site.yml': '- {hosts: all, gather_facts: false, roles: [acme.app]}\n',
      ...files,
    });
    expect(error).toMatch(/E_ARGUMENT roles\/acme\.app\/tasks\/main\.yml:1:\d+ module 'acme' has no argument 'nam'/);
    expect(others).toEqual([]);
  });

  test('above the playbook', async () => {
    const files = {
      'xrun.config.json': '{"plugins": ["./acme.ts"]}',
      'acme.ts': moduleText('acme'),
      'deep/down/site.yml': RIGHT,
    };
    expect(await told(files, 'deep/down/site.yml')).toEqual([]);
  });
});

test('plugins are described as the modules of xrun are', async () => {
  await inProject({ 'modules/acme.ts': moduleText('acme') }, async (cwd) => {
    const modules = await projectModules(cwd);
    const [docs] = await moduleDocs('acme', modules);
    expect(docs).toMatchObject({
      summary: 'Keep a greeting',
      arguments: [
        { name: 'to', required: true, description: 'The file.' },
        { name: 'name', type: 'text' },
      ],
    });
    expect((await moduleDocs(undefined, modules)).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['acme', 'copy']),
    );
    const schema = JSON.stringify(await jsonSchema('playbook', modules));
    expect(schema).toContain('"module-acme":{"description":"Keep a greeting. Needs to, name."');
  });
  await expect(moduleDocs('acme')).rejects.toMatchObject({ code: 'E_MODULE' });
});

describe('roles', () => {
  const tasks = { 'tasks/main.yml': '- nothing_of_that_name: {}\n' };
  const role = (at: string) => Object.fromEntries(Object.entries(tasks).map(([name, text]) => [`${at}/${name}`, text]));
  test.each([
    ['with a dot in its name', 'acme.nginx', 'roles/acme.nginx', {}],
    ['by the last part of its name', 'acme.nginx', 'roles/nginx', {}],
    ['in an npm package', "'@acme/nginx'", 'node_modules/@acme/nginx', {}],
    ['in an npm package without a scope', 'acme-nginx', 'node_modules/acme-nginx', {}],
    ['where the configuration says', 'nginx', 'shared/nginx', { 'xrun.config.yml': 'roles: shared\n' }],
  ])('are found %s', async (_how, name, at, more) => {
    const errors = await told({
      'site.yml': `- {hosts: all, gather_facts: false, roles: [${name}]}\n`,
      ...role(at),
      ...more,
    });
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^E_MODULE ${at}/tasks/main.yml:1:3 unknown module`))]);
  });
});

test('a package that is not a role is not taken for one', async () => {
  const files = {
    'node_modules/nginx/package.json': '{}',
    'site.yml': '- {hosts: all, gather_facts: false, roles: [nginx]}\n',
  };
  expect(await told(files)).toEqual([expect.stringMatching("^E_ROLE site.yml:1:45 there is no role 'nginx'")]);
});

describe('a configuration is refused', () => {
  test.each<[why: string, files: Record<string, string>, errors: string[]]>([
    [
      'with a key that does not exist',
      { 'xrun.config.yml': 'plugin: []\n' },
      ["E_CONFIG xrun.config.yml:1:1 unknown key 'plugin'"],
    ],
    [
      'with a value of another type',
      { 'xrun.config.json': '{"inventory": [1]}' },
      ["E_CONFIG xrun.config.json:1:16 'inventory': expected text or a list of texts, found the number 1"],
    ],
    [
      'that throws',
      { 'xrun.config.ts': "throw new Error('sore');" },
      ['E_PLUGIN xrun.config.ts:1:1 cannot load the configuration: sore'],
    ],
    [
      'of which there are two',
      { 'xrun.config.yml': '', 'package.json': '{"xrun": {}}' },
      ['E_CONFIG package.json:1:1 found xrun.config.yml and package.json, expected one configuration'],
    ],
    [
      'that cannot be read',
      { 'xrun.config.yml/x': '' },
      ['E_CONFIG xrun.config.yml:1:1 cannot read the configuration: EISDIR: illegal operation on a directory'],
    ],
    [
      'that is a list',
      { 'xrun.config.yml': '- a\n' },
      ['E_CONFIG xrun.config.yml:1:1 expected a mapping of options, found a list'],
    ],
    [
      'that names a plugin that is not there',
      { 'xrun.config.yml': 'plugins:\n  - ./acme.ts\n  - xrun-nothing\n' },
      [
        "E_PLUGIN xrun.config.yml:2:5 there is no plugin './acme.ts'",
        "E_PLUGIN xrun.config.yml:3:5 there is no plugin 'xrun-nothing'",
      ],
    ],
  ])('%s', async (_why, files, errors) => {
    expect(await told({ 'site.yml': site('debug: {msg: hi}'), ...files })).toEqual(errors);
  });

  test('in a directory that others may write, or in a file', async () => {
    const files = { 'site.yml': site('debug: {msg: hi}'), 'xrun.config.ts': "throw new Error('it was loaded');" };
    const directory = await told(files, 'site.yml', (cwd) => chmodSync(cwd, 0o777));
    expect(directory).toEqual([
      'E_CONFIG xrun.config.ts:1:1 others may write the directory of xrun.config.ts: its mode is 0777, so the configuration is refused',
    ]);
    const file = await told(files, 'site.yml', (cwd) => chmodSync(join(cwd, 'xrun.config.ts'), 0o666));
    expect(file).toEqual([
      'E_CONFIG xrun.config.ts:1:1 others may write xrun.config.ts: its mode is 0666, so the configuration is refused',
    ]);
  });
});

function packageOf(name: string, main: string, text: string, more = ''): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: `{"name": "${name}", ${more}"main": "${main}"}`,
    [`node_modules/${name}/${main}`]: text,
  };
}
