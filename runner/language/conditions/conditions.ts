import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Expr } from '../../model/playbook.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { patternProblem } from '../regex/pattern.ts';
import { within } from '../yaml/place.ts';
import { isFunction, parseCondition } from './cel.ts';
import type { CelNode, Condition } from './cel.ts';
import { celFunctionNames, ourMatches } from './cel-functions.ts';
import { isPeeking } from './cel-presence.ts';
import { fromCel, toCel } from './cel-values.ts';
import { conditionHint, exactHint, formHint } from '../templates/jinja.ts';
import type { Scope } from '../../model/variables.ts';
import { FactsNeeded } from '../../model/variables.ts';
import { kindOf, undefinedKey } from '../values/undefined.ts';
import { NotKnown, settled, Unknown } from '../values/unknown.ts';

const methods = [
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'size',
  'split',
  'join',
  'trim',
  'exists',
  'all',
  'map',
  'filter',
  'indexOf',
  'substring',
];

/** What cel-js's errors have in common. */
interface CelFault extends Error {
  code: string;
  summary: string;
  range?: { start: number; end: number };
  node?: CelNode;
}

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
    call.op === 'rcall' ? [`there is no function .${name}()`, didYouMean(name, methods)] : noFunction(name, source);
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

const noFunction = (name: string, source: string): [message: string, hint: string | undefined] => [
  `there is no function '${name}'`,
  exactHint(source) ?? didYouMean(name, celFunctionNames),
];

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

function unreadable(fault: CelFault, source: string, at: Position): XrunError {
  const { start, end } = fault.range ?? { start: 0, end: source.length };
  const found = source.slice(start, end).trim();
  const message =
    start >= source.length
      ? 'the condition ends too early'
      : `the condition cannot be read at '${found || source.slice(start)}'`;
  const hint = conditionHint(source) ?? readingHint(fault.summary);
  return new XrunError('E_CONDITION', message, {
    at: within(at, start, Math.max(end, start + 1)),
    ...(hint && { hint }),
    cause: fault,
  });
}

function readingHint(summary: string): string | undefined {
  const reserved = /Reserved identifier: (\w+)/.exec(summary)?.[1];
  if (reserved) return `'${reserved}' is reserved in CEL: give the variable another name.`;
  return summary.includes('EOF') ? undefined : summary;
}

function explain(error: unknown, source: string, at: Position, condition: Condition, scope: Scope): unknown {
  if (error instanceof FactsNeeded) return error;
  if (error instanceof XrunError) return placed(error, at, condition);
  const fault = error as CelFault;
  if (typeof fault.code !== 'string') return fault;
  const node = fault.node;
  if (fault.summary.startsWith('No such key') && (node?.op === '.' || node?.op === '[]'))
    return missingKey(node, fault.summary, at, scope);
  const { start, end } = fault.range ?? { start: 0, end: source.length };
  const [message, hint] = describe(fault, source);
  return new XrunError('E_CONDITION', message, { at: within(at, start, end), ...(hint && { hint }), cause: fault });
}

function placedUnknown({ why, at: known }: NotKnown, at: Position): NotKnown {
  return new NotKnown(why, known ?? at);
}

/** A missing variable was found by the scope, which does not know where the condition names it. */
function placed(error: XrunError, at: Position, condition: Condition): XrunError {
  if (error.at || error.code !== 'E_UNDEFINED') return error;
  const name = /^'(.*)'/.exec(error.message)?.[1];
  const node = name === undefined ? undefined : find(condition.ast, (n) => n.op === 'id' && n.args === name);
  const hint = name === undefined ? error.hint : (formHint(name) ?? error.hint);
  return new XrunError(error.code, error.message, {
    at: node ? within(at, node.start, node.end) : at,
    ...(hint && { hint }),
  });
}

function missingKey(node: CelNode, summary: string, at: Position, scope: Scope): XrunError {
  const [left] = node.args as [CelNode, unknown];
  const path = pathOf(left);
  const place = within(at, node.start, node.end);
  const key = /index (-?\d+)/.exec(summary)?.[1] ?? summary.replace('No such key: ', '');
  if (!path) return new XrunError('E_UNDEFINED', `'${key}' is not defined`, { at: place });
  return undefinedKey(path, key, follow(path, scope), place);
}

function follow(path: string[], scope: Scope): unknown {
  const [name = '', ...keys] = path;
  if (!scope.has(name)) return undefined;
  return keys.reduce<unknown>(member, scope.get(name));
}

/** Own keys only: no condition reaches a prototype. */
function member(container: unknown, key: string): unknown {
  if (container instanceof Unknown) return container.get(key);
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined;
  return (container as Record<string, unknown>)[key];
}

/** `a.b["c"]` as a path; undefined where a part is computed. */
function pathOf(node: CelNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [left, right] = node.args;
  const path = pathOf(left);
  if (typeof right === 'string') return path && [...path, right];
  return right.op === 'value' ? path && [...path, String(right.args)] : undefined;
}

function find(node: unknown, wanted: (node: CelNode) => boolean): CelNode | undefined {
  if (Array.isArray(node)) return node.map((inner: unknown) => find(inner, wanted)).find(Boolean);
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined;
  const here = node as CelNode;
  if (wanted(here)) return here;
  return here.op === 'value' || here.op === 'id' ? undefined : find(here.args, wanted);
}

function describe(fault: CelFault, source: string): [message: string, hint: string | undefined] {
  const { code, summary } = fault;
  if (code === 'fault') return [summary, compareHint(summary)];
  if (code === 'no_such_overload') return [`invalid expression ${readable(summary)}`, compareHint(summary)];
  if (code === 'invalid_logical_operand')
    return [readable(summary), 'Compare it: `name == value`, `size(list) > 0`, `bool(text)`.'];
  const [, signature, call] =
    /found no matching overload for '(.*?([A-Za-z]\w*)\(.*)'/.exec(summary.replace(/\b_(?=bool\(|matches\()/, '')) ??
    [];
  if (call && signature?.includes('.')) return noMethod(call === ourMatches ? 'matches' : call, signature);
  if (call && !celFunctionNames.has(call)) return noFunction(call, source);
  if (call) return [`invalid call ${readable(signature ?? call)}`, `${call} does not take these arguments.`];
  return [readable(summary), conditionHint(source)];
}

/** A method that the value does not have, and what to do about it. */
function noMethod(name: string, signature: string): [message: string, hint: string | undefined] {
  const [, receiver = ''] = /^(.*?)\.\w+\(/.exec(signature) ?? [];
  const kind = readable(receiver.replace(/<.*/, '')).replace('null_type', 'null');
  const message = `.${name}() cannot be called on ${kind === 'null' ? 'null' : `a ${kind}`}`;
  if (!methods.includes(name)) return [message, didYouMean(name, methods)];
  if (kind === 'null') return [message, `Check first: \`value != null && value.${name}(...)\`.`];
  if (kind === 'list')
    return [message, `Check its items: \`list.exists(item, item.${name}(...))\`, or one of them: \`item in list\`.`];
  return [
    message,
    kind === 'text' ? 'Its arguments have the wrong type.' : `Convert it to text: \`string(value).${name}(...)\`.`,
  ];
}

function compareHint(summary: string): string | undefined {
  if (!/\b(string|text)\b/.test(summary) || !/\b(int|double|bool|number|boolean)\b/.test(summary)) return undefined;
  return 'Convert one of them: `int(text)`, `string(number)`, `bool(text)`.';
}

/** CEL's names of types in ours. */
function readable(summary: string): string {
  const words: Record<string, string> = {
    string: 'text',
    int: 'number',
    double: 'number',
    bool: 'boolean',
    map: 'mapping',
  };
  return summary
    .replace('no such overload: ', '')
    .replaceAll(/dyn<(\w+)>/g, '$1')
    .replaceAll(/\b(string|int|double|bool|map)\b/g, (word) => words[word] ?? word);
}

function notBoolean(found: unknown, source: string, at: Position): XrunError {
  const value = fromCel(found);
  const hint = formHint(source) ?? booleanHint(value, source);
  const message = `a condition is true or false; this one is ${kindOf(value)} ${JSON.stringify(value)?.slice(0, 60)}`;
  return new XrunError('E_CONDITION', message, { at: within(at, 0, source.length), hint });
}

function booleanHint(value: unknown, source: string): string {
  if (typeof value === 'string')
    return `\`bool(${source})\` reads yes, no, true and false; \`${source} != ''\` asks whether it has a value.`;
  if (typeof value === 'object' && value !== null && 'changed' in value)
    return `Use \`changed(${source})\` or \`succeeded(${source})\`.`;
  if (typeof value === 'object' && value !== null) return `\`size(${source}) > 0\` asks whether it has items.`;
  return value === null ? `\`${source} != null\` asks whether it has a value.` : `Compare it: \`${source} != 0\`.`;
}
