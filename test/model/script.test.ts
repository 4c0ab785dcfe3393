import { expect, test } from 'vitest';
import { sh } from '../../runner/model/script.ts';

test('an escape that JavaScript does not know is an error, not a script without that part', () => {
  expect(() => sh`sed 's/\(a\)/\1/' ${'f'}`).toThrow('an escape that JavaScript does not know');
  expect(sh`sed 's/\\(a\\)/\\1/' ${'f'}`.text).toBe(`sed 's/\\(a\\)/\\1/' f`);
});
