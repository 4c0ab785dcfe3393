import type { Expr } from './playbook.ts';
import type { Position } from '../diagnostics/errors.ts';

/** The six layers of precedence, weakest first; docs/variables.md has the table. */
export const LAYERS = ['role defaults', 'inventory', 'play', 'block and task', 'results', 'extra'] as const;
export type Layer = (typeof LAYERS)[number];

/** One value that a name could have. */
export interface Candidate {
  layer: Layer | 'built in';
  origin: string;
  value: unknown;
  at?: Position;
}

/**
 * The variables one task sees on one host. Values are templates until they are read: `get` renders, remembers, and
 * reports cycles. Facts that were not gathered yet throw {@link FactsNeeded}.
 */
export interface Scope {
  /** The rendered value. Throws XrunError E_UNDEFINED, with near misses. */
  get(name: string): unknown;
  has(name: string): boolean;
  names(): string[];
  /** Weakest first; the last wins. */
  candidates(name: string): Candidate[];
  /** The same with more on top (loop variables, a task's result for `until`). */
  with(vars: Record<string, unknown>): Scope;
}

/** Thrown when something reads the facts of a host that were not gathered: the engine gathers them and tries again. */
export class FactsNeeded extends Error {
  readonly host: string;
  constructor(host: string) {
    super(`facts of ${host} are not gathered yet`);
    this.host = host;
  }
}

/** Turns templates and expressions into values. */
export interface Renderer {
  /** Every string in it rendered; a lone `{{x}}` keeps its type. `at` is for strings whose place is not known. */
  render(value: unknown, scope: Scope, at?: Position): unknown;
  /** The same, with {@link Unknown} values in it where a check cannot know better; `render` throws NotKnown there. */
  renderOpen(value: unknown, scope: Scope, at?: Position): unknown;
  /** A whole template file; `file` names it in errors. */
  renderFile(text: string, file: string, scope: Scope): string;
  /** A condition: all must hold. Throws E_CONDITION where a result is not a boolean. */
  test(conditions: readonly Expr[], scope: Scope): boolean;
  /** One expression's value (debug's `var`). Throws E_UNDEFINED, E_CONDITION. */
  evaluate(expression: Expr, scope: Scope): unknown;
  /** The items of a loop written as `with_FORM`; `terms` are rendered. Throws E_LOOP. */
  loopItems(form: string, terms: unknown, scope: Scope): unknown[];
  /** The names that a template, a condition or a whole value reads first (`a` of `a.b.c`); used to look ahead. */
  reads(value: unknown): ReadonlySet<string>;
}
