import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ereProblem, toEre } from '../../runner/language/regex/ere.ts';
import { Pattern } from '../../runner/language/regex/pattern.ts';

const LINES = ['Ready at 10:00', 'port 80', 'a[b]', 'x^y-z', 'éa', '', 'C:\\dir', 'one.two', 'tab\there', '$HOME{1}'];
const PATTERNS = [
  '(?i)ready',
  '\\d+:\\d\\d',
  '^port \\d+$',
  'a\\[b',
  '[]x^-]+y',
  '[^a-z]$',
  '(?:one|two)\\.',
  '(?P<n>o)ne',
  '\\s',
  '\\S',
  '^$',
  '\\\\dir',
  '[\\w.]+',
  'o{2,}|t{1}',
  '\\$HOME\\{1\\}',
  'a*?b',
  '[^]]$',
  '[\\d\\s]',
  '^\\W',
  'é',
  '(?x) p o r t # remark',
];

test.each(['grep', 'busybox grep'])('%s finds what Python finds', (grep) => {
  const [program = '', ...words] = grep.split(' ');
  for (const source of PATTERNS) {
    const pattern = new Pattern(source, { m: true });
    const { stdout } = spawnSync(program, [...words, '-E', ...toEre(source)], {
      input: LINES.map((line) => `${line}\n`).join(''),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
    expect([source, stdout.split('\n').slice(0, -1)]).toEqual([source, LINES.filter((line) => pattern.test(line))]);
  }
});

test.each(['a\\nb', '\\Aa', '(?=a)', '(a)\\1', '(?i:a)b', '[\\D]x[\\W1]', '(a', '[é]'])('%s is refused', (source) => {
  expect(ereProblem(source)).toContain('cannot be looked for on the host: ');
});
