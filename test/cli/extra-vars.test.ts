import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { extraVars } from '../../runner/cli/options/extra-vars.ts';
import { splitWords } from '../../runner/model/words.ts';
import { world } from './world.ts';

test.each([
  ['a=1', { a: '1' }],
  ['a=1 b="two words" c=\'it"s\' d=x=y', { a: '1', b: 'two words', c: 'it"s', d: 'x=y' }],
  ['a=', { a: '' }],
  ['a=true b=False c=truth d="true that"', { a: true, b: false, c: 'truth', d: 'true that' }],
  ['url=http://x:80/?q=1', { url: 'http://x:80/?q=1' }],
  ['{"n": 3, "list": [1, 2]}', { n: 3, list: [1, 2] }],
  ['{n: 3}', { n: 3 }],
  ['n: 3', { n: 3 }],
  ['a: 1\nb: [x]', { a: 1, b: ['x'] }],
])('%s', (text, vars) => {
  expect(extraVars(text, '/')).toEqual(vars);
});

test.each([
  ['alone', "--extra-vars: expected NAME=VALUE, found 'alone'"],
  ['=x', "--extra-vars: expected NAME=VALUE, found '=x'"],
  ['a="b', 'a " is not closed: a="b'],
  ['@missing.yml', '--extra-vars: cannot read missing.yml'],
  ['{"a": ', "this '{' is never closed"],
])('%s is refused', (text, message) => {
  expect(() => extraVars(text, '/nowhere')).toThrow(message);
});

test('files hold a mapping', () => {
  const { dir } = world({ 'a.json': '{"a": {"b": 1}}', 'b.yml': 'x: yes\n', 'c.yml': '- 1\n', 'd.yml': '' });
  expect([extraVars('@a.json', dir), extraVars(`@${path.join(dir, 'b.yml')}`, '/'), extraVars('@d.yml', dir)]).toEqual([
    { a: { b: 1 } },
    { x: true },
    {},
  ]);
  expect(() => extraVars('@c.yml', dir)).toThrow('expected a mapping');
  writeFileSync(path.join(dir, 'a.json'), '{');
  expect(() => extraVars('@a.json', dir)).toThrow('never closed');
});

test('words are split as a shell does', () => {
  expect(splitWords(` a  'b c'"d \\" \\\\ \\n"e\\ f '' `)).toEqual(['a', 'b cd " \\ \\ne f', '']);
});
