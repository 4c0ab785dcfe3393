import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Expr } from '../../model/playbook.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { patternProblem } from '../regex/pattern.ts';
import { within } from '../yaml/place.ts';
import { find, follow, pathOf } from './cel-path.ts';
import { isFunction, parseCondition } from './cel.ts';
import type { CelNode, Condition } from './cel.ts';
import { ourMatches } from './cel-functions.ts';
import { isPeeking } from './cel-presence.ts';
import { fromCel, toCel } from './cel-values.ts';
import { explain, METHODS, noFunction, notBoolean, unreadable } from './explain.ts';
import type { CelFault } from './explain.ts';
import type { Scope } from '../../model/variables.ts';
import { FactsNeeded } from '../../model/variables.ts';
import { NotKnown, settled } from '../values/unknown.ts';

/**
 * Whether a condition holds. Throws E_CONDITION for one that cannot be parsed or whose result is not a boolean, and
 * E_UNDEFINED for a variable that is not there, both at the exact place.
 */
export function testCondition({ source, at }: Expr, scope: Scope): boolean {
  if (typeof source === 'boolean') return source;
  const value = evaluateCondition(source, at, scope);
  if (typeof value === 'boolean') return value;
  throw notBoolean(value, source, at);
}

/** The value of an expression of any type. Throws E_UNDEFINED and E_CONDITION. */
export function evaluateExpression({ source, at }: Expr, scope: Scope): unknown {
  if (typeof source === 'boolean') return source;
  const value = evaluateCondition(source, at, scope);
  const path = pathOf(parse(source, at).ast);
  return path ? settled(follow(path, scope)) : fromCel(value);
}

/** Throws E_CONDITION where a condition cannot be parsed, or calls a function that does not exist. */
export function checkCondition({ source, at }: Expr): void {
  if (typeof source !== 'string') return;
  checkPatterns(source, at);
  const call = find(parse(source, at).ast, ({ op, args }) => (op === 'call' || op === 'rcall') && !isFunction(args[0]));
  if (call?.op !== 'call' && call?.op !== 'rcall') return;
  const name = call.args[0];
  const [message, hint] =
    call.op === 'rcall'
      ? [`the function .${name}() does not exist`, didYouMean(name, METHODS)]
      : noFunction(name, source);
  const start = call.op === 'rcall' ? source.indexOf(name, call.args[1].end) : call.start;
  throw new XrunError('E_CONDITION', message, { at: within(at, start, start + name.length), ...(hint && { hint }) });
}

/** Throws E_CONDITION for `matches` with a text that is not a valid regular expression. */
function checkPatterns(source: string, at: Position): void {
  find(parse(source, at).ast, ({ op, args }) => {
    const [pattern] = (
      op === 'rcall' && args[0] === ourMatches
        ? args[2]
        : op === 'call' && args[0] === 'matches'
          ? args[1].slice(1)
          : []
    ) as CelNode[];
    const problem =
      pattern?.op === 'value' && typeof pattern.args === 'string' ? patternProblem(pattern.args) : undefined;
    if (problem) throw new XrunError('E_CONDITION', problem, { at: within(at, pattern!.start, pattern!.end) });
    return false;
  });
}

function evaluateCondition(source: string, at: Position, scope: Scope): unknown {
  const condition = parse(source, at);
  const variables = new Variables(scope);
  let value: unknown;
  NotKnown.last = undefined;
  try {
    value = condition(variables);
  } catch (error) {
    if (variables.failure instanceof FactsNeeded) throw variables.failure;
    // What was read after something unknown may be guarded by it.
    if (NotKnown.last) throw placedUnknown(NotKnown.last, at);
    throw explain(variables.failure ?? error, source, at, condition, scope);
  }
  // CEL takes `missing || true` for true; here an undefined name is an error wherever it is read.
  if (variables.failure) throw explain(variables.failure, source, at, condition, scope);
  return value;
}

/** The variables of a condition, converted as they are read. cel-js reads a Map by `get` alone. */
class Variables extends Map<string, unknown> {
  readonly #scope: Scope;
  /** The first variable that could not be read. */
  failure: Error | undefined;

  constructor(scope: Scope) {
    super();
    this.#scope = scope;
  }

  override get(name: string): unknown {
    try {
      return toCel(this.#scope.get(name));
    } catch (error) {
      if (error instanceof FactsNeeded || !(isPeeking() || error instanceof NotKnown)) this.failure ??= error as Error;
      throw error;
    }
  }
}

function parse(source: string, at: Position): Condition {
  try {
    return parseCondition(source);
  } catch (error) {
    throw unreadable(error as CelFault, source, at);
  }
}

function placedUnknown({ why, at: known }: NotKnown, at: Position): NotKnown {
  return new NotKnown(why, known ?? at);
}
