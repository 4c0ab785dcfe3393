import { expect, test } from 'vitest';
import type { Event, Matrix } from '../../runner/model/events.ts';
import { unifiedDiff } from '../../runner/reporters/text/diff.ts';
import { ExecReporter } from '../../runner/reporters/exec.ts';
import { GithubReporter } from '../../runner/reporters/github/github.ts';
import { HtmlReporter } from '../../runner/reporters/html/html.ts';
import { JunitReporter } from '../../runner/reporters/junit.ts';
import { LineBuffer } from '../../runner/reporters/text/line-buffer.ts';
import { LiveReporter } from '../../runner/reporters/live/live.ts';
import { matrixLines } from '../../runner/reporters/text/matrix.ts';
import { hostNames } from '../../runner/reporters/text/names.ts';
import type { Sink } from '../../runner/reporters/options.ts';
import { PlainReporter } from '../../runner/reporters/plain.ts';
import { recapLines } from '../../runner/reporters/text/recap.ts';
import { style } from '../../runner/reporters/text/style.ts';
import { duration, failureLines, some } from '../../runner/reporters/text/words.ts';
import { build, none } from './events.ts';
import { options, shown } from './shown.ts';

test('durations as people say them', () => {
  expect([0, 12.4, 999, 1000, 59_900, 61_000, 3_600_000].map(duration)).toEqual([
    '0 ms',
    '12 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 1 s',
    '60 min 0 s',
  ]);
});

test('long lists are cut', () => {
  expect([some(['a', 'b'], 2), some(['a', 'b', 'c', 'd'], 2)]).toEqual(['a, b', 'a, b and 2 more']);
});

test('names of hosts fold into ranges, whatever order they come in', () => {
  const row = (from: number, to: number, width = 0) =>
    Array.from({ length: to - from + 1 }, (_, i) => `web${String(from + i).padStart(width, '0')}`);
  expect([
    hostNames(['b', 'a']),
    hostNames([...row(8, 11, 2).reverse(), 'db1', 'web5.example']),
    hostNames([...row(8, 11), ...row(1, 3)]),
    hostNames(['a1-x', 'a2-x', 'a3-x', 'a4-x', 'i-0123456789abcdef']),
    hostNames([...row(1, 20, 2), 'x', 'y', 'z'], 2),
    hostNames([]),
  ]).toEqual([
    'a, b',
    'db1, web5.example, web08..web11',
    'web1, web2, web3, web8..web11',
    'a1-x..a4-x, i-0123456789abcdef',
    'web01..web20, x and 2 more',
    '',
  ]);
});

test('the recap: hosts in words, then a table that is aligned', () => {
  const stats = {
    n1: { ...none, ok: 12, changed: 3 },
    'web-100': { ...none, ok: 4, failed: 1 },
    gone: { ...none, unreachable: 1 },
  };
  const end = { type: 'run_end', stats, duration_ms: 4200, interrupted: false } as const;
  expect(recapLines(end, style(false)).join('\n')).toMatchInlineSnapshot(`
    "RECAP 1 host ok, 1 failed: web-100, 1 unreachable: gone; 1 changed (4.2 s)
    n1      : ok=12 changed=3 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
    web-100 : ok=4  changed=0 unknown=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0
    gone    : ok=0  changed=0 unknown=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0"
  `);
  expect(recapLines({ ...end, stats: { n1: none }, interrupted: true }, style(false))[0]).toBe(
    'RECAP 1 host ok; interrupted (4.2 s)',
  );
});

test('of what a failed command printed the last lines are shown', () => {
  const stderr = Array.from({ length: 9 }, (_, i) => `line ${i}\n`).join('');
  expect(failureLines({ code: 'E', message: 'it broke', stderr }, { output: true, most: 2 })).toEqual([
    'it broke',
    'stderr: the last 2 of 9 lines',
    '  line 7',
    '  line 8',
  ]);
});

test('a failure tells its message, what the command printed, and what to do', () => {
  const failure = { code: 'E', message: 'it broke', rc: 3, stdout: 'one\n', stderr: 'two\nthree\n', hint: 'mend it' };
  expect(failureLines(failure, { output: true })).toEqual([
    'it broke (exit status 3)',
    'stdout: one',
    'stderr:',
    '  two',
    '  three',
    'hint: mend it',
  ]);
});

test('of a line that never ends its pieces are shown, of a progress bar its last state', () => {
  const buffer = new LineBuffer();
  expect(buffer.add('a', 'x'.repeat(70_000))).toEqual(['x'.repeat(70_000)]);
  const bar = Array.from({ length: 30_000 }, (_, i) => buffer.add('b', `${i} %\r`)).flat();
  expect([bar, buffer.add('b', 'done\n'), buffer.flush('b')]).toEqual([[], ['done'], []]);
});

test('as many lines as a host likes to print', async () => {
  const text = 'line\n'.repeat(150_000);
  const run: Event[] = [
    { type: 'task_start', ...build, hosts: ['n1'] },
    { type: 'output', id: build.id, host: 'n1', stream: 'stdout', text },
    {
      type: 'task_end',
      ...build,
      host: 'n1',
      status: 'failed',
      duration_ms: 1,
      message: text,
      error: { code: 'E_COMMAND', message: text, stdout: text, stderr: text },
    },
    { type: 'task_done', ...build },
  ];
  for (const make of [
    (out: Sink) => new PlainReporter(out, options),
    (out: Sink) => new GithubReporter(out, options),
    (out: Sink) => new ExecReporter(out, out, options),
    (out: Sink) => new LiveReporter(out, options),
    (out: Sink) => new HtmlReporter(out),
    (out: Sink) => new JunitReporter(out),
  ]) {
    expect((await shown(make, run)).length).toBeGreaterThan(10);
  }
});

// Looking at each blank again for each other one takes longer than any test may.
test('blank lines are looked at once for workflow commands', async () => {
  const run: Event[] = [{ type: 'warning', message: `${' \n'.repeat(500_000)}::error::x` }];
  const lines = (await shown((out) => new GithubReporter(out, options), run)).split('\n').map((line) => line.trim());
  expect([lines.length > 500_000, lines.includes('::error::x')]).toEqual([true, false]);
});

test('lines are whole however the stream was cut', () => {
  const buffer = new LineBuffer();
  expect([
    buffer.add('a', 'x\ny'),
    buffer.add('b', 'z'),
    buffer.add('a', 'y\n'),
    buffer.flush('b'),
    buffer.flush('a'),
  ]).toEqual([['x'], [], ['yy'], ['z'], []]);
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
  expect(unifiedDiff({ what: 'big', before: null, after: 'x\n'.repeat(200_000) }).at(-1)).toBe(
    '(0 characters become 400000; too long to compare here)',
  );
});

const cell = (ok: boolean | null, text = '') => ({ ok, text });
const matrix: Matrix = {
  title: 'Ping',
  rows: ['node1', 'node2'],
  columns: ['node1', 'node2'],
  cells: [
    [cell(null), cell(true, '0.42 ms')],
    [cell(false, 'no answer'), cell(null)],
  ],
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
