import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load } from 'js-yaml';
import { convertCondition, convertTemplate, convertText } from '../../../runner/language/jinja/convert.ts';
import { typeOfKnownName, typeOfValue } from '../../../runner/language/jinja/types.ts';
import type { JinjaEnvironment } from '../../../runner/language/jinja/types.ts';

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

function environment({ types = {}, custom = [], quote }: Partial<Case>): JinjaEnvironment {
  return {
    typeOf: (name) => (Object.hasOwn(types, name) ? typeOfValue(types[name]) : typeOfKnownName(name)),
    customFilters: new Set(custom),
    ...(quote && { quote }),
  };
}
