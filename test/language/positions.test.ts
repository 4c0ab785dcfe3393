import { expect, test } from 'vitest';
import type { Position } from '../../runner/diagnostics/errors.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { within } from '../../runner/language/yaml/place.ts';
import { keepPositions, placeOf, positionOf, positionWithin } from '../../runner/language/yaml/positions.ts';

type Mapping = Record<string, unknown>;
const load = (text: string) => loadYaml(text, 'a.yml').value as Mapping;
const span = (at: Position | undefined) => at && `${at.line}:${at.col}-${at.endCol}`;

test('keys, values, items and containers have their spans', () => {
  const value = load('a: 1\nlong key: "quoted"\nlist:\n  - one\n  - {x: 2}\n  -\nempty:\n');
  const list = value.list as unknown[];
  expect(span(positionOf(value, 'a', 'key'))).toBe('1:1-2');
  expect(span(positionOf(value, 'a'))).toBe('1:4-5');
  expect(span(positionOf(value, 'long key', 'key'))).toBe('2:1-9');
  expect(span(positionOf(value, 'long key'))).toBe('2:11-19');
  expect(span(positionOf(list, 0))).toBe('4:5-8');
  expect(span(positionOf(list[1], 'x'))).toBe('5:9-10');
  expect(span(positionOf(list, 2))).toBe('6:3-4');
  expect(span(positionOf(value, 'empty'))).toBe('7:1-6');
  expect(span(positionOf(list))).toBe('4:3-8');
  expect(positionOf(value, 'nope')).toBeUndefined();
  expect(positionOf({}, 'a')).toBeUndefined();
});

test.each([
  ['a word before }', '{k: word}', 5, 9],
  ['a word before , and blanks', '{k: word  , b: 1}', 5, 9],
  ['a quoted text with a blank behind it', "{k: 'w' }", 5, 8],
  ['a mapping before }', '{k: {a: b}}', 5, 11],
  ['a mapping before ,', '{k: {a: b}, l: 1}', 5, 11],
  ['a mapping with blanks in it and behind it', '{k: { a: b } }', 5, 13],
  ['a mapping that ends with a quoted bracket', '{k: {a: "}"}, l: 1}', 5, 13],
  ['a mapping without values', '{k: {a: , b}}', 5, 13],
  ['a mapping in a mapping', '{k: {a: {b: [c]}}}', 5, 18],
  ['a list', '{k: [a, b]}', 5, 11],
  ['a list with a comma at its end', '{k: [a, b,]}', 5, 12],
  ['a list of a pair', '{k: [a: b]}', 5, 11],
  ['nothing in a list', '{k: []}', 5, 7],
  ['nothing in a mapping', '{k: {}}', 5, 7],
  ['an alias in a list', '{b: &b 1, k: [*b]}', 14, 18],
])('values in a mapping of one line have their spans: %s', (_shape, text, from, to) => {
  const value = load(text);
  expect(span(positionOf(value, 'k'))).toBe(`1:${from}-${to}`);
  expect(span(positionOf(value))).toBe(`1:1-${text.length + 1}`);
});

test('a bracket in a comment closes nothing', () => {
  const value = load('k: [a, # ]\n    b] # ]\nl: [ # ]\n  ]\n');
  expect(placeOf(value, 'k')).toMatchObject({ start: 3, end: 17 });
  expect(placeOf(value, 'l')).toMatchObject({ start: 25, end: 34 });
});

test('merged keys stand where they were written', () => {
  const value = load('a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n');
  expect(span(positionOf(value.b, 'x'))).toBe('1:11-12');
});

test.each([
  ['plain', 'a: one MARK two\n', '1:8-12'],
  ['single quotes', "a: 'it''s MARK'\n", '1:11-15'],
  ['double quotes', 'a: "t\\tx\\u00e9 MARK"\n', '1:16-20'],
  ['a literal block', 'a: |\n  one\n\n   two MARK\n', '4:8-12'],
  ['a folded block', 'a: >-\n  one\n  two\n\n  MARK three\n', '5:3-7'],
  ['a plain text of several lines', 'a: one\n  two\n  MARK\n', '3:3-7'],
  ['quotes over several lines', 'a: "one\n  two\n\n  MARK"\n', '4:3-7'],
  ['astral characters before it', 'a: "😀 MARK"\n', '1:8-12'],
  ['Windows line ends', 'a: |\r\n  one\r\n  MARK\r\n', '3:3-7'],
])('a part of a text is found in %s', (_style, text, wanted) => {
  const value = load(text) as { a: string };
  const offset = value.a.indexOf('MARK');
  expect(span(positionWithin(value, 'a', offset, offset + 4))).toBe(wanted);
  expect(span(within(positionOf(value, 'a') as Position, offset, offset + 4))).toBe(wanted);
});

test('a copy can answer for the places of what it kept', () => {
  const value = load('a: 1\nb: 2\n');
  const copy = keepPositions({ b: 5, c: 6 }, value);
  expect(span(positionOf(copy, 'b'))).toBe('2:4-5');
  expect(positionOf(copy, 'a')).toBeUndefined();
  expect(positionOf(copy, 'c')).toBeUndefined();
});

test('a position that nothing is known of stands for its parts', () => {
  const at = { file: 'x', line: 1, col: 1 };
  expect(within(at, 5)).toBe(at);
});
