import { expect, test } from 'vitest';
import { XrunError } from '../../runner/diagnostics/errors.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';

const codeOf = (text: string): string => {
  try {
    loadYaml(text, 'a.yml');
    return 'ok';
  } catch (error) {
    if (error instanceof XrunError) return error.code;
    throw error;
  }
};

const bomb = (open: string, close: string, item: (alias: string, i: number) => string) => {
  const lines = [`a0: &a0 ${open}${open === '{' ? 'x: 1' : 'x'}${close}`];
  for (let level = 1; level < 12; level++) {
    const items = Array.from({ length: 9 }, (_, i) => item(`*a${level - 1}`, i)).join(', ');
    lines.push(`a${level}: &a${level} ${open}${items}${close}`);
  }
  return `${lines.join('\n')}\n`;
};

test.each([
  ['aliases that multiply lists', bomb('[', ']', (alias) => alias)],
  ['aliases that multiply mappings', bomb('{', '}', (alias, i) => `k${i}: ${alias}`)],
  [
    'merges that multiply',
    `a: &a {${Array.from({ length: 2000 }, (_, i) => `k${i}: 1`).join(', ')}}\n${Array.from({ length: 2000 }, (_, i) => `b${i}:\n  <<: *a\n`).join('')}`,
  ],
  ['a deep list', '- '.repeat(10_000)],
  ['deep brackets', '['.repeat(10_000)],
  ['deep braces', '{a: '.repeat(10_000)],
  ['a huge text', `a: ${'x'.repeat(2_100_000)}`],
  ['a huge file', '# comment\n'.repeat(600_000)],
  ['too many values', '- a\n'.repeat(310_000)],
])('%s is over a limit', (_what, text) => {
  expect(codeOf(text)).toBe('E_LIMIT');
});

test('what people write is far below', () => {
  expect(codeOf('- name: x\n  command: y\n'.repeat(20_000))).toBe('ok');
  expect(codeOf(`a: ${'x'.repeat(1_000_000)}`)).toBe('ok');
});
