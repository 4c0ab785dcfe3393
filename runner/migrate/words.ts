import type { JinjaEnvironment } from '../language/jinja/types.ts';
import { convertCondition, convertText } from '../language/jinja/convert.ts';
import type { Conversion } from '../language/jinja/convert.ts';
import type { Translation } from './edit/file-edit.ts';
import type { Translator } from './yaml/translator.ts';

/** What of a text that is xrun's already is known: whether it is valid as it is. */
export interface Validity {
  text(text: string): boolean;
  condition(text: string): boolean;
}

/** A text that names a template as it is afterwards; undefined where that is not known. */
type Renamed = (text: string) => string | undefined;

/** The translator of one file's texts. */
export function translatorOf(environment: JinjaEnvironment, renamed: Renamed, valid: Validity): Translator {
  return {
    text: (text, quote = '"') =>
      named(
        isJinja(text) ? settled(text, convertText(text, { ...environment, quote }), valid.text) : same(text),
        renamed,
      ),
    condition: (text, quote = '"') =>
      settled(text, convertCondition(unbraced(text), { ...environment, quote }), valid.condition),
    typeOf: environment.typeOf,
    within: (types) =>
      translatorOf(
        { ...environment, typeOf: (name) => (Object.hasOwn(types, name) ? types[name]! : environment.typeOf(name)) },
        renamed,
        valid,
      ),
  };
}

function isJinja(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text);
}

function same(text: string): Translation {
  return { text, total: 0, problems: [] };
}

/** What cannot be read as Jinja and is valid as it is has been moved over before. What differs in blanks alone stays. */
function settled(old: string, conversion: Conversion, valid: (text: string) => boolean): Translation {
  const { text, problems, expressions: total } = conversion;
  if (problems.length > 0 && valid(old)) return { text: old, total, problems: [] };
  if (problems.length === 0 && !valid(text)) return { text: old, total, problems: [invalid(old)] };
  const kept = text.replaceAll(/\s/g, '') === old.replaceAll(/\s/g, '') && valid(old) ? old : text;
  return {
    text: kept,
    total,
    problems: problems.map(({ code, message, offset, length }) => ({
      code,
      message,
      start: offset,
      end: offset + length,
    })),
  };
}

/** What no rule here knows of: reported, and not left for the run to find. */
function invalid(text: string): Translation['problems'][number] {
  const message = 'what comes of this is not valid, and it stays as it was';
  return { code: 'M_INVALID', message, start: 0, end: text.length };
}

function named(translation: Translation, renamed: Renamed): Translation {
  const { text } = translation;
  const name = renamed(text);
  if (name !== undefined) return { ...translation, text: name };
  const message = 'some of the templates that this may name stay as they are, and others become .hbs';
  return {
    ...translation,
    problems: [...translation.problems, { code: 'M_TEMPLATE', message, start: 0, end: text.length }],
  };
}

/** `"{{ a }} == 1"` of old playbooks: a condition is an expression, braces around a part of it are parentheses. */
function unbraced(text: string): string {
  const lone = /^\s*\{\{((?:(?!\}\}|\{\{).)*)\}\}\s*$/s.exec(text);
  if (lone) return lone[1]?.trim() ?? '';
  return text
    .replaceAll(/(["'])\{\{((?:(?!\}\}|\{\{|["']).)*)\}\}\1/gs, (_, _quote, inner: string) => `(${inner.trim()})`)
    .replaceAll(/\{\{((?:(?!\}\}|\{\{).)*)\}\}/gs, (_, inner: string) => `(${inner.trim()})`);
}
