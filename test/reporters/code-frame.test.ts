import { expect, test } from 'vitest';
import { codeFrame } from '../../runner/reporters/text/code-frame.ts';

const frame = (text: string, line: number, col: number, endCol?: number) =>
  codeFrame(text, { file: 'a', line, col, ...(endCol !== undefined && { endCol }) }, { color: false });

test('two lines before and after, with carets under the span', () => {
  const text = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n');
  expect(frame(text, 9, 6, 7)).toBe(
    [' 7 | line 7', ' 8 | line 8', ' 9 | line 9', '   |      ^', '10 | line 10', '11 | line 11'].join('\n'),
  );
});

test('the first and the last line have fewer around them', () => {
  expect(frame('a: b', 1, 4, 5)).toBe('1 | a: b\n  |    ^');
});

test('wide characters take two cells, combining ones none', () => {
  expect(frame('名前: x', 1, 5, 6)).toBe('1 | 名前: x\n  |       ^');
  expect(frame('e\u0301: 日本', 1, 5, 7)?.split('\n')[1]).toBe('  |    ^^^^');
});

test('a tab is four blanks in the line and under it', () => {
  expect(frame('\tkey: x', 1, 2, 5)).toBe('1 |     key: x\n  |     ^^^');
});

test('control characters of a file do not reach the terminal', () => {
  expect(frame('a\u001b[31mb', 1, 7, 8)).toBe('1 | a\ufffd[31mb\n  |       ^');
});

test('a span that is longer than its line ends with it', () => {
  expect(frame('abc\ndef', 1, 2, 99)).toBe('1 | abc\n  |  ^^\n2 | def');
});

test('a place behind the end of the line has a caret too', () => {
  expect(frame('abc', 1, 9)).toBe('1 | abc\n  |    ^');
});

test('of a very long line the part around the place is shown', () => {
  const lines = frame(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 1, 501, 505)?.split('\n') ?? [];
  expect(lines[0]?.length).toBeLessThan(180);
  expect(lines[0]?.indexOf('HERE')).toBe(lines[1]?.indexOf('^^^^'));
});

test('there is no frame where there is no such line', () => {
  expect(frame('a', 5, 1)).toBeUndefined();
});

test('colours are on demand', () => {
  expect(codeFrame('abc', { file: 'a', line: 1, col: 1 }, { color: true })).toContain('\u001b[');
});
