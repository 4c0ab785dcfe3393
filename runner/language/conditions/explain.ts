import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { within } from '../yaml/place.ts';
import { find, follow, pathOf } from './cel-path.ts';
import type { CelNode, Condition } from './cel.ts';
import { celFunctionNames, ourMatches } from './cel-functions.ts';
import { fromCel } from './cel-values.ts';
import { conditionHint, exactHint, formHint } from '../templates/jinja.ts';
import type { Scope } from '../../model/variables.ts';
import { FactsNeeded } from '../../model/variables.ts';
import { kindOf, undefinedKey } from '../values/undefined.ts';

/** What may stand behind a dot and before a bracket. */
export const METHODS = [
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
export interface CelFault extends Error {
  code: string;
  summary: string;
  range?: { start: number; end: number };
  node?: CelNode;
}

/** An unknown function's error and what to write instead. */
export const noFunction = (name: string, source: string): [message: string, hint: string | undefined] => [
  `the function '${name}' does not exist`,
  exactHint(source) ?? didYouMean(name, celFunctionNames),
];

/** The error of a condition that cannot be parsed, with the place where reading stopped. */
export function unreadable(fault: CelFault, source: string, at: Position): XrunError {
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

/** What an evaluation threw, in our words and with its place; errors that are none of the condition's stay as they are. */
export function explain(error: unknown, source: string, at: Position, condition: Condition, scope: Scope): unknown {
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
  if (!METHODS.includes(name)) return [message, didYouMean(name, METHODS)];
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

/** The error of a condition that is neither true nor false. */
export function notBoolean(found: unknown, source: string, at: Position): XrunError {
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
