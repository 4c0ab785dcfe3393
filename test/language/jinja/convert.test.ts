import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load } from 'js-yaml';
import { checkTemplateText } from '../../../runner/language/templates/check-calls.ts';
import { checkCondition } from '../../../runner/language/conditions/conditions.ts';
import { conditionHint } from '../../../runner/language/templates/jinja.ts';
import { convertCondition, convertTemplate, convertText } from '../../../runner/language/jinja/convert.ts';
import { filterNames } from '../../../runner/language/jinja/translate/filters.ts';
import {
  joinTypes,
  resultType,
  typeAt,
  typeOfKnownName,
  typeOfValue,
  unknownEnvironment,
} from '../../../runner/language/jinja/types.ts';
import type { JinjaEnvironment } from '../../../runner/language/jinja/types.ts';
import type { Expr } from '../../../runner/model/playbook.ts';

interface Case {
  title?: string;
  source: string;
  types?: Record<string, unknown>;
  custom?: string[];
  quote?: "'";
  cel?: string;
  text?: string;
  problem?: string;
  at?: string;
}

const cases = (name: string): Case[] =>
  load(readFileSync(new URL(`../../cases/jinja/${name}.yml`, import.meta.url), 'utf8')) as Case[];

test.each([
  ['conditions', convertCondition],
  ['texts', convertText],
  ['templates', convertTemplate],
] as const)('%s become xrun’s', (name, convert) => {
  for (const { title, source, cel, text, problem, at, ...rest } of cases(name)) {
    const converted = convert(source, environment(rest));
    const [first] = converted.problems;
    const found = first && { problem: first.code, at: source.slice(first.offset, first.offset + first.length) };
    const wanted = problem === undefined ? undefined : { problem, at };
    expect([title, source, found, converted.text]).toEqual([title, source, wanted, cel ?? text ?? source]);
  }
});

test.each(filterNames)('the filter %s calls a helper with arguments that it takes', (name) => {
  const calls = ['', '("upper")', '("a", "b")', '(3, true, "")'].map((args) =>
    convertText(`{{ x | ${name}${args} }}`, unknownEnvironment),
  );
  const right = calls.filter(({ text, problems }) => problems.length === 0 && isTemplate(text));
  expect([name, calls.map(({ text }) => text), right.length > 0]).toEqual([name, expect.anything(), true]);
});

test('what has been converted can be read', () => {
  const conditions = cases('conditions').flatMap(({ cel }) => cel ?? []);
  const texts = [...cases('texts'), ...cases('templates')].flatMap(({ text, custom }) => (custom ? [] : (text ?? [])));
  const read = (source: string): void => checkCondition({ source, at: { file: source, line: 1, col: 1 } } as Expr);
  expect(() => conditions.forEach(read)).not.toThrow();
  expect(texts.filter((text) => !isTemplate(text))).toEqual([]);
});

test('types of several definitions are joined, and a result has those that every module gives', () => {
  const joined = joinTypes(typeOfValue({ a: 1, b: ['x'] }), typeOfValue({ a: true, b: [] }));
  expect([typeAt(joined, 'a').kind, typeAt(joined, 'b').item?.kind]).toEqual(['unknown', 'text']);
  expect([typeAt(resultType, 'changed').kind, typeAt(resultType, 'rc').kind]).toEqual(['boolean', 'number']);
});

test.each([
  ['x | list', 'size(toList(x)) > 0'],
  ['a and b | bool', 'truthy(a) && toBool(b)'],
  ["lookup('env', 'HOME') == '/root'", "env('HOME', '') == '/root'"],
  ['text not in names', '!(text in names)'],
])('the hint for the condition %s is its translation', (source, cel) => {
  expect(conditionHint(source)).toBe(`In CEL: \`${cel}\`.`);
});

test('a template with many conditions one after the other is converted in a moment', () => {
  const source = '{% if a %}{% elif b %}{% elif c %}{% endif %}'.repeat(60);
  expect(convertTemplate(`a\n${source}\n`, unknownEnvironment).problems).toEqual([]);
});

function isTemplate(text: string): boolean {
  try {
    checkTemplateText(text, () => undefined);
    return true;
  } catch {
    return false;
  }
}

function environment({ types = {}, custom = [], quote }: Partial<Case>): JinjaEnvironment {
  return {
    typeOf: (name) => (Object.hasOwn(types, name) ? typeOfValue(types[name]) : typeOfKnownName(name)),
    customFilters: new Set(custom),
    ...(quote && { quote }),
  };
}
