import { NoTranslation } from './problem.ts';
import type { JinjaProblem } from './problem.ts';
import { changedVariables } from './template/changes.ts';
import { endedByBreak, endingOf } from './template/ending.ts';
import { layOut } from './template/layout.ts';
import { macrosIn } from './template/macros.ts';
import { writeBody } from './template/statements.ts';
import { TemplateWriter, styleAt } from './template/writer.ts';
import { parseExpression } from './source/expression.ts';
import { headerOf } from './source/header.ts';
import type { Header } from './source/header.ts';
import { ansibleWhiteSpace } from './source/pieces.ts';
import { parseStatements } from './source/statements.ts';
import type { Reading } from './source/statements.ts';
import { celOf } from './target/cel.ts';
import { handlebarsOf } from './target/handlebars.ts';
import { contextOf } from './translate/context.ts';
import { conditionOf, valueOf } from './translate/expression.ts';
import { comparedTruth } from './translate/truth.ts';
import type { JinjaEnvironment } from './types.ts';

/** What became of a text with Jinja. */
export interface Conversion {
  /** The text in xrun's languages; the text as it was where something in it has no translation. */
  text: string;
  /** How many expressions and statements it holds, and how many of them have a translation. */
  expressions: number;
  converted: number;
  problems: JinjaProblem[];
  /** Names of templates that it includes: they are partials now. */
  includes: string[];
  /** The project's own filters that it calls, by the names of their helpers. */
  helpers: string[];
}

/** A condition of Ansible (`when`, `until`, `that`, without braces) as CEL. */
export function convertCondition(source: string, env: JinjaEnvironment): Conversion {
  const context = contextOf(env, 'cel');
  return one(source, () => {
    const expr = parseExpression({ text: source, start: 0, end: source.length, escapes: true });
    const text = celOf(comparedTruth(conditionOf(expr, context)), styleAt(expr, context));
    return { text, helpers: [...context.helpers] };
  });
}

/** An expression of Jinja without its braces as what stands between Handlebars' braces. */
export function convertExpression(source: string, env: JinjaEnvironment): Conversion {
  const context = contextOf(env, 'handlebars');
  return one(source, () => {
    const expr = parseExpression({ text: source, start: 0, end: source.length, escapes: false });
    return { text: handlebarsOf(valueOf(expr, context), styleAt(expr, context)), helpers: [...context.helpers] };
  });
}

function one(source: string, convert: () => { text: string; helpers: string[] }): Conversion {
  try {
    return { expressions: 1, converted: 1, problems: [], includes: [], ...convert() };
  } catch (error) {
    if (!(error instanceof NoTranslation)) throw error;
    return unchanged(source, 1, [error.problem]);
  }
}

/**
 * A text of a playbook with `{{ }}` as a text with Handlebars. A value that is one `{{ }}` alone stays one, and keeps
 * its type; in a longer text booleans and lists are printed as Python prints them.
 */
export function convertText(source: string, env: JinjaEnvironment): Conversion {
  const lone = /^\{\{(?![-+])([^]*)\}\}$/.exec(source);
  if (lone && !/\}\}[^]*\{\{/.test(source)) {
    const { text, problems, ...more } = convertExpression(lone[1]!, env);
    if (problems.length === 0) return { ...more, text: `{{${text}}}`, problems };
    const moved = problems.map((problem) => ({ ...problem, offset: problem.offset + 2 }));
    // A text in the expression may hold the end of another one.
    if (!moved.some(({ code }) => code === 'J_SYNTAX')) return { ...more, text: source, problems: moved };
  }
  return statements(source, env, { ...ansibleWhiteSpace, escapes: false });
}

/** A whole template, `.j2`, as the text of an `.hbs` that prints the same bytes. */
export function convertTemplate(source: string, env: JinjaEnvironment): Conversion {
  const header = headerOf(source);
  if ('code' in header) return unchanged(source, countTags(source), [header]);
  return statements(source, env, { ...ansibleWhiteSpace, ...header.space, escapes: true }, header);
}

function statements(
  source: string,
  env: JinjaEnvironment,
  reading: Reading,
  { body }: Pick<Header, 'body'> = { body: 0 },
): Conversion {
  const context = contextOf(env, 'handlebars');
  const writer = new TemplateWriter();
  // Jinja leaves out the last line break, and Ansible puts those back that are missing then.
  const unified = ' '.repeat(body) + source.slice(body);
  const lines = unified.replaceAll('\r\n', '\n');
  const moved = lines.length === unified.length;
  try {
    const parsed = parseStatements(lines.replace(/\n$/, '').slice(moved ? body : 0), reading);
    const wanted = env.included ? 0 : /\n*$/.exec(lines)![0].length;
    context.macros = macrosIn(parsed);
    for (const name of changedVariables(parsed)) {
      writer.block(`{{set ${name}=${name}}}`, false);
      context.locals.set(name, { kind: 'local', path: name, type: env.typeOf(name) });
    }
    writeBody(wanted > 0 ? endedByBreak(parsed, endingOf(env.typeOf)) : parsed, context, writer);
    if (wanted > 1) writer.data('\n');
  } catch (error) {
    if (!(error instanceof NoTranslation)) throw error;
    return unchanged(source, countTags(source), [shifted(error.problem, body)]);
  }
  const { expressions, problems, tokens } = writer;
  if (problems.length > 0)
    return unchanged(
      source,
      expressions,
      problems.map((problem) => shifted(problem, body)),
    );
  const names = { includes: [...context.includes], helpers: [...context.helpers] };
  return { text: layOut(tokens), expressions, converted: expressions, problems, ...names };
}

function shifted(problem: JinjaProblem, by: number): JinjaProblem {
  return { ...problem, offset: problem.offset + by };
}

function unchanged(source: string, expressions: number, problems: JinjaProblem[]): Conversion {
  return {
    text: source,
    expressions,
    converted: Math.max(expressions - problems.length, 0),
    problems,
    includes: [],
    helpers: [],
  };
}

function countTags(source: string): number {
  return source.match(/\{[{%]/g)?.length ?? 0;
}
