import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { XrunError } from '../../diagnostics/errors.ts';
import { truthy } from '../values/truthy.ts';
import { fromCel } from './cel-values.ts';

/** What cel-js hands to a macro of ours; its types do not say. */
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}
interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
}
interface Expansion {
  args: ASTNode[];
}

/**
 * `defined(a.b)`, `default(a.b, other)` and, where what is empty counts as missing, `default(a.b, other, true)`: macros, for they must not fail where the variable is missing, as a
 * function's argument would.
 */
export function registerPresence(environment: Environment): void {
  environment.registerFunction('defined(ast): bool', ({ args }: Expansion) => ({
    args,
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
      for (const arg of args) checker.check(arg, context);
      return checker.getType('bool');
    },
    evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) =>
      peek(evaluator, args[0], context) !== undefined,
  }));
  for (const signature of ['default(ast, ast): dyn', 'default(ast, ast, bool): dyn'])
    environment.registerFunction(signature, ({ args }: Expansion) => ({
      args,
      typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
        for (const arg of args) checker.check(arg, context);
        return checker.getType('dyn');
      },
      evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) => {
        const found = peek(evaluator, args[0], context);
        const empty = args[2] !== undefined && evaluator.run(args[2], context) === true;
        const there = empty ? truthy(fromCel(found)) : found !== undefined && found !== null;
        return there ? found : evaluator.run(args[1] as ASTNode, context);
      },
    }));
}

/** How many `defined` and `default` are being evaluated; within them a missing name is not an error. */
let peeking = 0;

/** Whether a missing variable is allowed right now. */
export function isPeeking(): boolean {
  return peeking > 0;
}

function peek(evaluator: Evaluator, node: ASTNode | undefined, context: unknown): unknown {
  peeking++;
  try {
    return evaluator.run(node as ASTNode, context);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    peeking--;
  }
}

function isMissing(error: unknown): boolean {
  if (error instanceof XrunError) return error.code === 'E_UNDEFINED';
  const { summary } = error as { summary?: string };
  return /^(No such key|Unknown variable)/.test(summary ?? '');
}
