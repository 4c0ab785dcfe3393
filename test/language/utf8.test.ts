import { expect, it } from 'vitest';
import { textOf } from '../../runner/language/yaml/utf8.ts';

it('text is what UTF-8 says', () => {
  expect(textOf(Buffer.from('größer �\n'), 'x.yml')).toBe('größer �\n');
});

it('the first byte that is no UTF-8 is told with its place', () => {
  const latin1 = Buffer.concat([Buffer.from('a: b\nc: gr'), Buffer.of(0xf6), Buffer.from('sser\n')]);
  expect(() => textOf(latin1, 'x.yml')).toThrow(
    expect.objectContaining({ code: 'E_YAML', at: { file: 'x.yml', line: 2, col: 6, endCol: 7 } }),
  );
});
