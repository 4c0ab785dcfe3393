import { expect, test } from 'vitest';
import type { Matrix } from '../../runner/events.ts';
import { clean } from '../../runner/text/clean.ts';
import { unifiedDiff } from '../../runner/report/diff.ts';
import { LineBuffer } from '../../runner/report/line-buffer.ts';
import { matrixLines } from '../../runner/report/matrix.ts';
import { style } from '../../runner/report/style.ts';
import { duration, failureLines, some } from '../../runner/report/words.ts';

test('durations as people say them', () => {
  expect([0, 12.4, 999, 1000, 59_900, 61_000, 3_600_000].map(duration)).toEqual(['0 ms', '12 ms', '999 ms', '1.0 s', '59.9 s', '1 min 1 s', '60 min 0 s']);
});

test('long lists are cut', () => {
  expect([some(['a', 'b'], 2), some(['a', 'b', 'c', 'd'], 2)]).toEqual(['a, b', 'a, b and 2 more']);
});

test('a failure tells its message, what the command printed, and what to do', () => {
  const failure = { code: 'E', message: 'it broke', rc: 3, stdout: 'one\n', stderr: 'two\nthree\n', hint: 'mend it' };
  expect(failureLines(failure, { output: true })).toEqual(['it broke (exit status 3)', 'stdout: one', 'stderr:', '  two', '  three', 'hint: mend it']);
});

test('escape sequences, bells and overwritten lines do not reach a terminal', () => {
  expect(clean('\u001b]0;title\u0007a\u001b[2J b\u0007\n10%\r50%\r100%\r\nc\u009b1m\td')).toBe('a b\n100%\nc\td');
});

test('lines are whole however the stream was cut', () => {
  const buffer = new LineBuffer();
  expect([buffer.add('a', 'x\ny'), buffer.add('b', 'z'), buffer.add('a', 'y\n'), buffer.flush('b'), buffer.flush('a')]).toEqual([['x'], [], ['yy'], ['z'], []]);
});

test('differences: files, files that come and go, values', () => {
  const diffs = [
    { what: '/etc/a', before: 'one\ntwo\n', after: 'one\n2\n' },
    { what: '/etc/b', before: null, after: 'new\nfile\n' },
    { what: 'mode', before: '0600', after: '0644' },
    { what: 'network web', before: null, after: '' },
  ];
  expect(diffs.flatMap(unifiedDiff).join('\n')).toMatchInlineSnapshot(`
    "--- /etc/a
    +++ /etc/a
    @@ -1,2 +1,2 @@
     one
    -two
    +2
    --- /dev/null
    +++ /etc/b
    @@ -0,0 +1,2 @@
    +new
    +file
    - mode: 0600
    + mode: 0644
    + network web"
  `);
});

test('a difference that is too long is told by its size', () => {
  expect(unifiedDiff({ what: 'big', before: null, after: 'x\n'.repeat(200_000) }).at(-1)).toBe('(0 characters become 400000; too long to compare here)');
});

const cell = (ok: boolean | null, text = '') => ({ ok, text });
const matrix: Matrix = {
  title: 'Ping',
  rows: ['node1', 'node2'],
  columns: ['node1', 'node2'],
  cells: [[cell(null), cell(true, '0.42 ms')], [cell(false, 'no answer'), cell(null)]],
};

test('the matrix, wide and narrow', () => {
  const pen = style(false);
  expect([...matrixLines(matrix, 80, pen), ...matrixLines(matrix, 20, pen)].join('\n')).toMatchInlineSnapshot(`
    "Ping: 1 of 2 paths work
    from \\ to  node1  node2
    node1      -      ok 0.42 ms
    node2      FAIL   -
    FAIL node2 -> node1: no answer
    Ping: 1 of 2 paths work
    from \\ to  node1  node2
    node1      -      ok
    node2      FAIL   -
    FAIL node2 -> node1: no answer"
  `);
});

test('the matrix in colours', () => {
  const [, , first = '', second = ''] = matrixLines(matrix, 80, style(true));
  expect(first).toContain('\u001b[32mok 0.42 ms');
  expect(second).toContain('\u001b[31mFAIL');
});
