import { NoTranslation } from '../problem.ts';
import type { JinjaCode, Span } from '../problem.ts';
import { call, literal } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import type { JinjaType } from '../types.ts';

/** Translated arguments. */
export interface Terms {
  positional: Term[];
  named: Record<string, Term>;
}

/** What a translation of a filter, a test or a method may use. */
export interface Tools {
  at: Span;
  /** Conditions are written in CEL, everything else in Handlebars. */
  language: 'cel' | 'handlebars';
  filter(name: string, of: Term, args: Terms): Term;
  test(name: string, of: Term, args: Terms): Term;
  /** What a template is called afterwards. Ends with a problem where it stays Jinja. */
  templateName(name: string): string;
  /** Ends with a problem. */
  fail(code: JinjaCode, message: string): never;
}

/** How one filter, test or method becomes a term. */
export type Translation = (of: Term, args: Terms, tools: Tools) => Term;

interface Param {
  name: string;
  /** Where it is a named argument of the helper: its name there. */
  named?: string;
  /** What is passed where it is not given. */
  other?: Term;
  /** Any number of them. */
  rest: boolean;
}

/**
 * A call of a helper with the arguments in Jinja's order.
 *
 * @param params Jinja's names of them: `a`, `b=1` with a default that is always passed, `c>key` for the helper's named
 *   argument `key` (`c>-` is dropped), `rest...` for any number; behind that only named ones
 */
export function helper(name: string, params: string, type: JinjaType): Translation {
  const known = params.split(' ').filter(Boolean).map(paramOf);
  const rest = known.findIndex((param) => param.rest);
  const byPlace = rest < 0 ? known : known.slice(0, rest);
  return (of, args, tools) => {
    refuseOthers(args, known, rest < 0, tools);
    const named: Record<string, Term> = {};
    const positional: Term[] = [];
    known.forEach((param, i) => {
      const value = (i < byPlace.length ? args.positional[i] : undefined) ?? args.named[param.name] ?? param.other;
      if (!value || param.named === '-') return;
      if (param.named !== undefined) named[param.named] = value;
      else positional[i] = value;
    });
    const more = rest < 0 ? [] : args.positional.slice(rest);
    return call(name, [of, ...filled(positional), ...more], type, named);
  };
}

/** Gaps between arguments become null. */
function filled(values: Term[]): Term[] {
  return Array.from(values, (value) => value ?? literal(null));
}

function paramOf(written: string): Param {
  const [head = '', other] = written.split('=');
  const [name = '', named] = head.replace('...', '').split('>');
  const rest = head.endsWith('...');
  return {
    name,
    rest,
    ...(named && { named }),
    ...(other !== undefined && { other: literal(JSON.parse(other) as string) }),
  };
}

function refuseOthers(args: Terms, known: Param[], closed: boolean, { at }: Tools): void {
  const wrong = Object.keys(args.named).find((name) => !known.some((param) => param.name === name));
  if (wrong !== undefined)
    throw new NoTranslation('J_EXPRESSION', at, `The argument '${wrong}' has no translation here.`);
  if (closed && args.positional.length > known.length)
    throw new NoTranslation('J_EXPRESSION', at, 'There are more arguments than this takes in Jinja.');
}

/** The value of an argument that is written there; undefined for one that is computed. */
export function written(term: Term | undefined): string | number | boolean | null | undefined {
  return term?.kind === 'literal' ? term.value : undefined;
}

/** An argument by its place or its name. */
export function arg(args: Terms, index: number, name: string): Term | undefined {
  return args.positional[index] ?? args.named[name];
}
