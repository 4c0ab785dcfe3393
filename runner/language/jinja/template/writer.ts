import { NoTranslation } from '../problem.ts';
import type { JinjaProblem, Span } from '../problem.ts';
import type { Expr, Statement } from '../source/ast.ts';
import { argument } from '../target/handlebars.ts';
import type { HandlebarsStyle } from '../target/handlebars.ts';
import type { Term } from '../target/term.ts';
import type { Context } from '../translate/context.ts';
import { conditionOf, valueOf } from '../translate/expression.ts';
import type { Token } from './layout.ts';

/** Writes statements as the tokens of a Handlebars template, and notes what has no translation. */
export class TemplateWriter {
  readonly tokens: Token[] = [];
  readonly problems: JinjaProblem[] = [];
  /** How many expressions and statements there were. */
  expressions = 0;

  data(text: string): void {
    this.tokens.push({ kind: 'data', text, broken: false });
  }

  /** A tag whose line is taken away where it has one for itself. */
  block(text: string, broken: boolean): void {
    this.tokens.push({ kind: 'block', text, broken });
  }

  output(text: string): void {
    this.tokens.push({ kind: 'output', text, broken: false });
  }

  /** Translates one expression or statement; what cannot be is noted, and the rest goes on. */
  attempt(translate: () => void): void {
    this.expressions++;
    try {
      translate();
    } catch (error) {
      if (!(error instanceof NoTranslation)) throw error;
      this.problems.push(error.problem);
    }
  }

  /** The value of an expression as an argument of a helper. */
  argument(expr: Expr, context: Context): string {
    return argument(valueOf(expr, context), styleAt(expr, context));
  }

  /** A condition as an argument of `#if`: its truth is the one of Python's. */
  condition(expr: Expr, context: Context): { positive: string; negative?: string } {
    const style = styleAt(expr, context);
    const term = bare(conditionOf(expr, context));
    const positive = argument(term, style);
    return term.kind === 'not' ? { positive, negative: argument(bare(term.of), style) } : { positive };
  }
}

/** How terms are written at a place of a template. */
export function styleAt({ start, end }: Span, { env, inLoop }: Context): HandlebarsStyle {
  return { quote: env.quote ?? '"', inLoop, at: { start, end } };
}

/** Conditions of templates take any value: `(truthy x)` is `x` there. */
function bare(term: Term): Term {
  if (term.kind === 'call' && term.name === 'truthy') return term.args[0]!;
  if (term.kind === 'not') return { ...term, of: bare(term.of) };
  if (term.kind === 'choice') return { ...term, test: bare(term.test) };
  if (term.kind === 'operator' && (term.operator === '&&' || term.operator === '||'))
    return { ...term, left: bare(term.left), right: bare(term.right) };
  return term;
}

/** Whether a name is read somewhere in statements or expressions. */
export function mentions(node: unknown, name: string): boolean {
  return some(node, (found) => found.kind === 'name' && found.name === name);
}

/** Whether a statement or an expression is like this somewhere in a tree. */
export function some(node: unknown, like: (node: { kind?: unknown; name?: unknown }) => boolean): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return like(node) || Object.values(node).some((inner) => some(inner, like));
}

/** Writes a list of statements. */
export type WriteBody = (body: readonly Statement[], context: Context) => void;
