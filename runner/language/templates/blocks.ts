import { templateError } from './evaluation.ts';
import type { Evaluation, Place } from './evaluation.ts';
import { innerFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { hashValues, peek } from './helpers/call.ts';
import { helpers } from './helpers/registry.ts';
import type { BlockStatement, Hash } from './template.ts';
import { truthy } from '../values/truthy.ts';
import { kindOf } from '../values/undefined.ts';
import { decided, NotKnown, Unknown } from '../values/unknown.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';

type Block = (node: BlockStatement, frame: Frame, on: Evaluation) => string;

/** Handlebars' own blocks, and `let` and `capture`; what counts as true is in values/truthy.ts. */
const blocks: Record<string, Block> = {
  if: (node, frame, on) => branch(truthy(condition(node, frame, on)), node, frame, on),
  unless: (node, frame, on) => branch(!truthy(condition(node, frame, on)), node, frame, on),
  each: (node, frame, on) => each(argument(node, frame, on), node, frame, on),
  with: (node, frame, on) => within(argument(node, frame, on), node, frame, on),
  let: (node, frame, on) =>
    on.within.text(
      node.program,
      innerFrame(frame, frame.context, undefined, hashValues(namesOf(node, on), frame, on)),
      on,
    ),
  capture,
  raw: (node, frame, on) => on.within.text(node.program, frame, on),
};

/** The blocks there are. */
export const blockNames: ReadonlySet<string> = new Set(Object.keys(blocks));

/** The text of `{{#name ...}}...{{else}}...{{/name}}`. */
export function runBlock(node: BlockStatement, frame: Frame, on: Evaluation): string {
  const { original } = node.path;
  const block = Object.hasOwn(blocks, original) ? blocks[original] : undefined;
  if (block) return block(node, frame, on);
  if (node.params.length > 0) throw noBlock(node, on);
  const value = decided(on.within.value(node.path, frame, on));
  if (Array.isArray(value)) return each(value, node, frame, on);
  if (value === true) return on.within.text(node.program, frame, on);
  return within(value === false ? null : value, node, frame, on);
}

function branch(then: boolean, node: BlockStatement, frame: Frame, on: Evaluation): string {
  return on.within.text(then ? node.program : node.inverse, frame, on);
}

/** A missing variable is false here, so that a template can ask whether there is one. */
function condition(node: BlockStatement, frame: Frame, on: Evaluation): unknown {
  const [first] = one(node, on);
  return decided(first.type === 'PathExpression' ? peek(first, frame, on) : on.within.value(first, frame, on));
}

function argument(node: BlockStatement, frame: Frame, on: Evaluation): unknown {
  return decided(on.within.value(one(node, on)[0], frame, on));
}

function one(node: BlockStatement, on: Evaluation): [BlockStatement['params'][number]] {
  const [first] = node.params;
  if (!first || node.params.length > 1) {
    throw templateError(`#${node.path.original} wants one argument, found ${node.params.length}`, node.path, on);
  }
  return [first];
}

function each(value: unknown, node: BlockStatement, frame: Frame, on: Evaluation): string {
  const entries = entriesOf(value, node, on);
  if (entries.length === 0) return on.within.text(node.inverse, frame, on);
  const names = node.program.blockParams ?? [];
  return entries
    .map(([key, item], index) => {
      const { length } = entries;
      const data = { key, index, number: index + 1, length, first: index === 0, last: index === length - 1 };
      return on.within.text(node.program, innerFrame(frame, item, data, named(names, [item, key])), on);
    })
    .join('');
}

function entriesOf(value: unknown, node: BlockStatement, on: Evaluation): [string | number, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, i) => [i, item]);
  if (value instanceof Unknown) throw new NotKnown(value.why);
  if (typeof value === 'object') return Object.entries(value);
  throw templateError(
    `#${node.path.original} wants a list or a mapping, found ${kindOf(value)}`,
    node.params[0] ?? node.path,
    on,
  );
}

function within(value: unknown, node: BlockStatement, frame: Frame, on: Evaluation): string {
  const empty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) return on.within.text(node.inverse, frame, on);
  return on.within.text(
    node.program,
    innerFrame(frame, value, undefined, named(node.program.blockParams ?? [], [value])),
    on,
  );
}

/** `{{#capture "name"}}...{{/capture}}`: what is inside of it, as the value of a name. */
function capture(node: BlockStatement, frame: Frame, on: Evaluation): string {
  const [name] = one(node, on);
  if (name.type !== 'StringLiteral')
    throw templateError('#capture expects a name in quotes', name, on, 'Write `{{#capture "name"}}...{{/capture}}`.');
  const inside = innerFrame(frame, frame.context);
  frame.params[(name as hbs.AST.StringLiteral).value] = on.within.text(node.program, inside, on);
  return '';
}

/** What `{{#let name=value}}` gives. */
function namesOf(node: BlockStatement, on: Evaluation): Hash {
  const { hash, params, path } = node;
  if ((hash as Hash | undefined) && params.length === 0) return hash;
  throw templateError('#let expects named values', path, on, 'Write `{{#let name=value}}...{{/let}}`.');
}

function named(names: readonly string[], values: unknown[]): Record<string, unknown> {
  return Object.fromEntries(names.slice(0, values.length).map((name, i) => [name, values[i]]));
}

/** The error for a block that does not exist. */
export function noBlock(node: BlockStatement, on: Place): Error {
  const name = node.path.original;
  const hint = helpers.has(name)
    ? `${name} is a helper, not a block: \`{{#if (${name} ...)}}\`.`
    : didYouMean(name, Object.keys(blocks));
  return templateError(`there is no block '#${name}'`, node.path, on, hint);
}
