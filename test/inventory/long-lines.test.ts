import { expect, test } from 'vitest';
import { Draft } from '../../runner/inventory/draft.ts';
import { readIni } from '../../runner/inventory/sources/ini-source.ts';

// Looking at each part of these again for each other part takes longer than any test may.
const MANY = 200_000;
test.each([
  ['variables', `h1 ${Array.from({ length: MANY }, (_, i) => `v${i}=${i}`).join(' ')}`, 0],
  ['values of one variable', `h1 ${'v=1 '.repeat(MANY)}`, 0],
  ['brackets', '['.repeat(MANY), 1],
  ['colons', `[${':'.repeat(MANY)}x]`, 1],
  ['remarks', `[g${']#'.repeat(MANY)}\u2028`, 0],
  ['ranges', 'h['.repeat(MANY), 1],
  ['items', `h a="[${'1,'.repeat(MANY)}1]"`, 0],
  ['blanks', `h${' '.repeat(MANY)}a=1`, 0],
])('a line of many %s is read in one go', (_what, text, wrong) => {
  const draft = new Draft('/');
  readIni(text, '/inventory.ini', draft);
  expect(draft.mistakes).toHaveLength(wrong);
});
