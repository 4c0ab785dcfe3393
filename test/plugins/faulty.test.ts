import { expect, test } from 'vitest';
import { HEAD, helperText, moduleText, site, told } from './project.ts';

const definition = (text: string) => `${HEAD}export default defineModule(${text} as never);`;
const whole = "name: 'acme', summary: 'x', examples: '', args, decide: () => ({ kind: 'ok' })";

/** A plugin that cannot be used, and what a check says of it: nothing but this, and no crash. */
const FAULTY: [why: string, file: string, text: string, errors: string[]][] = [
  [
    'throws when it is loaded',
    'modules/a.ts',
    "\n\nthrow new Error('boom');",
    ['E_PLUGIN modules/a.ts:3:1 cannot load the plugin: boom'],
  ],
  [
    'throws what is no error',
    'modules/a.js',
    "throw 'boom';",
    ['E_PLUGIN modules/a.js:1:1 cannot load the plugin: it throws boom'],
  ],
  [
    'uses what does not exist',
    'modules/a.mjs',
    'const ours = 1;\nours();',
    ['E_PLUGIN modules/a.mjs:2:1 cannot load the plugin: TypeError: ours is not a function'],
  ],
  [
    'cannot be parsed',
    'modules/a.ts',
    'const x: = 3;',
    ['E_PLUGIN modules/a.ts:1:9 cannot load the plugin: ParseError: Unexpected token'],
  ],
  [
    'imports what is not installed',
    'modules/a.ts',
    "import 'nothing-there';",
    ["E_PLUGIN modules/a.ts:1:1 cannot load the plugin: Cannot find module 'nothing-there'"],
  ],
  [
    'exports nothing',
    'modules/a.ts',
    'export {};',
    ['E_PLUGIN modules/a.ts:1:1 the plugin cannot be used: it exports nothing that xrun knows'],
  ],
  [
    'exports a number',
    'modules/a.ts',
    'export default 42;',
    ['E_PLUGIN modules/a.ts:1:1 the plugin cannot be used: it exports nothing that xrun knows'],
  ],
  [
    'has the name of a module',
    'modules/a.ts',
    moduleText('copy'),
    ["E_PLUGIN modules/a.ts:1:1 the plugin 'copy' cannot be used: the name 'copy' is taken by a module of xrun"],
  ],
  [
    'has the name of a keyword',
    'modules/a.ts',
    moduleText('register'),
    [
      "E_PLUGIN modules/a.ts:1:1 the plugin 'register' cannot be used: the name 'register' is taken by a keyword of tasks",
    ],
  ],
  [
    'has an alias that is taken',
    'modules/a.ts',
    moduleText('acme', "aliases: ['apt'],"),
    ["E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: the name 'apt' is taken by a module of xrun"],
  ],
  [
    'has the name of a helper',
    'helpers/a.ts',
    helperText('upper'),
    ["E_PLUGIN helpers/a.ts:1:1 the plugin 'upper' cannot be used: the name 'upper' is taken by a helper of xrun"],
  ],
  [
    'is for another version',
    'modules/a.ts',
    definition(`{ ${whole}, api: 2 }`),
    [
      "E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: it is written for version 2 of the plugin API, and this xrun has version 1",
    ],
  ],
  [
    'is of a kind that does not exist',
    'modules/a.ts',
    definition(`{ ${whole}, kind: 'modul' }`),
    [
      'E_PLUGIN modules/a.ts:1:1 the plugin \'acme\' cannot be used: its kind is "modul", expected one of module, helper, reporter, transport',
    ],
  ],
  [
    'decides nothing',
    'modules/a.ts',
    definition("{ name: 'acme', summary: 'x', examples: '', args }"),
    ["E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: it has no 'decide': expected a function"],
  ],
  [
    'has a key too many',
    'modules/a.ts',
    definition(`{ ${whole}, prob: () => undefined }`),
    ["E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: a module has no 'prob'"],
  ],
  [
    'wants of a file what cannot be had',
    'modules/a.ts',
    definition(`{ ${whole}, local: { src: 'folder' } }`),
    [
      "E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: 'local.src': expected file, tree, archive, image, template, command",
    ],
  ],
  [
    'has a trait that does not exist',
    'modules/a.ts',
    definition(`{ ${whole}, traits: { controlsFlow: true } }`),
    ["E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: a module has no 'controlsFlow'"],
  ],
  [
    'has arguments that are no schema',
    'modules/a.ts',
    definition("{ name: 'acme', summary: 'x', examples: '', args: { to: 1 }, decide: () => ({ kind: 'ok' }) }"),
    [
      "E_PLUGIN modules/a.ts:1:1 the plugin 'acme' cannot be used: 'args': expected a Zod 4 object: z.strictObject({ ... }) with the z of xrun/module",
    ],
  ],
];

test.each(FAULTY)('a plugin that %s', async (_why, file, text, errors) => {
  expect(await told({ 'site.yml': site('debug: {msg: hi}'), [file]: text })).toEqual(errors);
});

test('two plugins with one name: the second is refused, with the file of the first', async () => {
  const files = { 'modules/a.ts': moduleText('acme'), 'modules/b.ts': moduleText('acme') };
  expect(await told({ 'site.yml': site('debug: {msg: hi}'), ...files })).toEqual([
    "E_PLUGIN modules/b.ts:1:1 the plugin 'acme' cannot be used: the name 'acme' is taken by modules/a.ts",
  ]);
});

test('a check of arguments that throws is an error of the arguments', async () => {
  const text = moduleText('acme').replace(
    "describe('Who.')",
    "describe('Who.').refine(() => { throw new Error('sore'); })",
  );
  expect(await told({ 'site.yml': site('acme: {to: /x, name: you}'), 'modules/a.ts': text })).toEqual([
    "E_ARGUMENT site.yml:4:7 module 'acme': the module's own check of them failed: sore",
  ]);
});
