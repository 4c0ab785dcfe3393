import { describe, expect, test } from 'vitest';
import { expand, replacementProblem } from '../../runner/language/regex/expand.ts';
import { Pattern, patternProblem } from '../../runner/language/regex/pattern.ts';
import { PatternError } from '../../runner/language/regex/reader.ts';

/** Pattern, text, and what Python 3.11's `re.finditer` finds with `re.MULTILINE`. */
const FOUND: [pattern: string, text: string, found: string[]][] = [
  ['^b$', 'a\nb\nc', ['b']],
  ['\\Aa', 'a\na', ['a']],
  ['a\\Z', 'a\na', ['a']],
  ['a\\Z', 'a\na\n', []],
  ['(?i)HOST=(\\d+)', 'host=5 HOST=66', ['host=5', 'HOST=66']],
  ['(?P<key>\\w+)=(?P<value>.*)', 'a=1\nb=\r\n', ['a=1', 'b=\r']],
  ['(?s)a.*c', 'a\nb\nc', ['a\nb\nc']],
  ['(?x) a \\s b  # a remark', 'a b', ['a b']],
  ['a(?i:b)c', 'aBc ABC', ['aBc']],
  ['[]a]+', 'x]a', [']a']],
  ['[^]a]+', ']xa', ['x']],
  ['[[:x]+', '[x:', ['[x:']],
  ['a{,2}b', 'aaab b', ['aab', 'b']],
  ['a{x}', 'a{x}', ['a{x}']],
  ['\\x41\\u00e9\\t', 'Aé\t', ['Aé\t']],
  ['a(?#remark)b', 'ab', ['ab']],
  ['(a)(?=b)', 'ab ac', ['a']],
  ['(?<!x)y', 'xy y', ['y']],
  ['(\\w)\\1', 'abba', ['bb']],
  ['(?P<q>[\'"]).*?(?P=q)', `'a' "b'"`, [`'a'`, `"b'"`]],
  ['\\s+$', 'a \v\nb', [' \v']],
  ['.', '\r\u2028😀', ['\r', '\u2028', '😀']],
  ['[\\w.-]+@', 'a.b-c@', ['a.b-c@']],
  ['a|b|', 'ab', ['a', 'b']],
];

test.each(FOUND)('%j finds in %j what Python finds', (pattern, text, found) => {
  expect(new Pattern(pattern, { m: true }).all(text).map(({ groups }) => groups[0])).toEqual(found);
});

// Long texts are left to the engine that takes linear time.
const LINEAR = FOUND.filter(([pattern]) => !/\\A|\|$|^\.$|\(\?[=<]|\\1|\(\?P=|\^\]/.test(pattern));
test.each(LINEAR)('%j finds in a long text what it finds in %j', (pattern, text, found) => {
  const long = `${'-\n'.repeat(30_000)}${text}`;
  expect(new Pattern(pattern, { m: true }).all(long).map(({ groups }) => groups[0])).toEqual(found);
});

test.each(['^(a+)+$', '(a|aa)+$', '(a*)*b', '(?:x+x+)+y'])('%s is matched in linear time', (pattern) => {
  expect(new Pattern(pattern).test(`${'a'.repeat(200_000)}!${'x'.repeat(1000)}`)).toBe(false);
});

test('what looks around is given up after a limit', () => {
  expect(() => new Pattern('^(?=(a+)+$)b').test(`${'a'.repeat(40)}!`)).toThrow(PatternError);
  expect(() => new Pattern('^(?=(a+)+$)b').test(`${'a'.repeat(40)}!`)).toThrow(
    /'\^\(\?=\(a\+\)\+\$\)b' took longer than 2 s/,
  );
});

test.each([
  ['(a', "missing ')' at character 1"],
  ['a)', "unbalanced ')' at character 2"],
  ['[a', "missing ']' at character 1"],
  ['*a', 'there is nothing to repeat at character 1'],
  ['a**', 'two repetitions in a row'],
  ['a++', 'two repetitions in a row'],
  ['(?>a)', "'(?>a' is not supported"],
  ['(?P=x)', "there is no group 'x'"],
  ['(a)\\2', "there is no group '2'"],
  ['(?P<a>.)(?P<a>.)', "duplicate group 'a'"],
  ['\\h', "'\\h' is not supported"],
  ['a(?i)b', 'flags for the whole pattern must stand at its beginning'],
  ['(?i:a)(?=b)', 'cannot be combined'],
  ['[b-a]', 'not a valid range'],
  ['a\\', 'a backslash at the end'],
  ['a{2,1}', 'the least of {2,1} is more than the most'],
])('%s is refused', (pattern, why) => {
  expect(patternProblem(pattern)).toContain(why);
});

describe('a replacement', () => {
  const pattern = new Pattern('(?P<name>\\w+) (\\d)(x)?');
  const [match] = pattern.all('eth 7');
  test.each([
    ['\\1-\\2', 'eth-7'],
    ['\\g<name>\\g<2>0', 'eth70'],
    ['[\\3]', '[]'],
    ['\\g<0>', 'eth 7'],
    ['a\\n\\t\\\\', 'a\n\t\\'],
    ['\\.', '\\.'],
    ['$1', '$1'],
  ])('%s', (text, result) => {
    expect(replacementProblem(text, pattern)).toBeUndefined();
    expect(expand(text, pattern, match!)).toBe(result);
  });
  test.each(['\\4', '\\g<other>', '\\g<9>'])('%s names no group', (text) =>
    expect(replacementProblem(text, pattern)).toContain('has no such group'),
  );
});
