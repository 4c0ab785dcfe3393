import { XrunError } from '../../../diagnostics/errors.ts';
import { didYouMean } from '../../../diagnostics/nearest.ts';
import { placeOf, templateError } from '../evaluation.ts';
import type { Evaluation, Place } from '../evaluation.ts';
import type { Frame } from '../frame.ts';
import { peekPath, refuseRoot } from '../path.ts';
import type { Expression, Hash, MustacheStatement, PathExpression, SubExpression } from '../template.ts';
import { Root } from '../frame.ts';
import { Absent, BadArgument } from './helper.ts';
import type { Helper } from './helper.ts';
import { NotKnown, settled } from '../../values/unknown.ts';
import { arity, helpers } from './registry.ts';
import { knownArguments } from './unknown-arguments.ts';
import { helperUsage } from './usage.ts';

type CallNode = SubExpression | MustacheStatement;

/** Calls the helper that a mustache or a subexpression names. */
export function callHelper(node: CallNode, frame: Frame, on: Evaluation): unknown {
  const helper = checkCall(node, on);
  const read = (index: number) => argument(node, index, { helper, frame, on });
  const call = {
    ...on.surroundings.reach(on.root, placeOf(node, on)?.file),
    named: settled(node.hash ? hashValues(node.hash, frame, on) : {}),
  };
  try {
    if (helper.choose)
      return helper.choose({ count: node.params.length, open: read, known: (index) => settled(read(index)) }, call);
    const values = node.params.map((_, index) => read(index));
    return helper.run(knownArguments(helper.name, values), call);
  } catch (error) {
    throw placedError(error, helper, node, on);
  }
}

/** What went wrong in a helper, at the argument or the call that it is about. */
function placedError(error: unknown, helper: Helper, node: CallNode, on: Evaluation): unknown {
  if (error instanceof NotKnown) return error;
  // A file that is not there.
  if (error instanceof XrunError && !error.at)
    return new XrunError(error.code, error.message, { ...error, at: placeOf(node, on), cause: error });
  if (!(error instanceof BadArgument)) return error;
  const about = node.params[error.index] ?? node.path;
  const message = `${helper.name} ${error.message}`;
  return error instanceof Absent
    ? new XrunError('E_UNDEFINED', message, { ...(placeOf(about, on) && { at: placeOf(about, on)! }) })
    : templateError(message, about, on, usage(helper));
}

/** The helper that is called, once its arguments are as many and named as it wants. Throws E_TEMPLATE. */
export function checkCall(node: CallNode, on: Place): Helper {
  const name = String((node.path as PathExpression).original);
  const helper = helpers.get(name);
  if (!helper) throw noHelper(name, node, on);
  checkArity(helper, node, on);
  checkNamed(helper, node, on);
  return helper;
}

/** The values of `key=value` arguments. */
export function hashValues(hash: Hash, frame: Frame, on: Evaluation): Record<string, unknown> {
  return Object.fromEntries(hash.pairs.map(({ key, value }) => [key, on.within.value(value, frame, on)]));
}

/** The value of an expression, or undefined where a variable in it, or a key that it looks up, is not there. */
export function peek(node: Expression, frame: Frame, on: Evaluation): unknown {
  if (node.type === 'PathExpression') return peekPath(node as PathExpression, frame);
  try {
    return on.within.value(node, frame, on);
  } catch (error) {
    if (error instanceof XrunError && error.code === 'E_UNDEFINED') return undefined;
    throw error;
  }
}

/** The value of the argument at an index. */
function argument(
  node: CallNode,
  index: number,
  { helper, frame, on }: { helper: Helper; frame: Frame; on: Evaluation },
): unknown {
  const param = node.params[index];
  if (!param) return undefined;
  const value = index === 0 && helper.lenient ? peek(param, frame, on) : on.within.value(param, frame, on);
  return value instanceof Root ? refuseRoot(value, param as PathExpression, on) : value;
}

function noHelper(name: string, node: CallNode, on: Place): Error {
  const hint = didYouMean(name, helpers.keys()) ?? 'See docs/templates.md for the helpers.';
  return templateError(`there is no helper '${name}'`, node.path, on, hint);
}

function checkArity(helper: Helper, node: CallNode, on: Place): void {
  const { min, max } = arity(helper);
  const count = node.params.length;
  if (count >= min && count <= max) return;
  const wanted = min === max ? String(min) : max === Infinity ? `${min} or more` : `${min} to ${max}`;
  throw templateError(
    `${helper.name} expects ${wanted} argument${wanted === '1' ? '' : 's'}, found ${count}`,
    node.path,
    on,
    usage(helper),
  );
}

function checkNamed(helper: Helper, node: CallNode, on: Place): void {
  const known = Object.keys(helper.named ?? {});
  if (known.includes('*')) return;
  const wrong = node.hash?.pairs.find(({ key }) => !known.includes(key));
  if (!wrong) return;
  throw templateError(
    `${helper.name} has no argument '${wrong.key}='`,
    wrong,
    on,
    didYouMean(wrong.key, known) ?? usage(helper),
  );
}

function usage(helper: Helper): string {
  return `Use it as \`{{${helperUsage(helper)}}}\`.`;
}
