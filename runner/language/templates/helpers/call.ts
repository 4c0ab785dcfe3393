import { XrunError } from '../../../diagnostics/errors.ts';
import { didYouMean } from '../../../diagnostics/nearest.ts';
import { placeOf, templateError } from '../evaluation.ts';
import type { Evaluation, Place } from '../evaluation.ts';
import type { Frame } from '../frame.ts';
import { peekPath, refuseRoot } from '../path.ts';
import type { Expression, Hash, MustacheStatement, PathExpression, SubExpression } from '../template.ts';
import { Root } from '../frame.ts';
import { BadArgument } from './helper.ts';
import type { Helper } from './helper.ts';
import { settled } from '../../values/unknown.ts';
import { arity, helpers } from './registry.ts';
import { knownArguments } from './unknown-arguments.ts';

type CallNode = SubExpression | MustacheStatement;

/** Calls the helper that a mustache or a subexpression names. */
export function callHelper(node: CallNode, frame: Frame, on: Evaluation): unknown {
  const helper = checkCall(node, on);
  const { name } = helper;
  const values = node.params.map((param, i) => argument(param, frame, on, i === 0 && helper.lenient === true));
  const args = knownArguments(name, values);
  const named = settled(node.hash ? hashValues(node.hash, frame, on) : {});
  try {
    return helper.run(args, {
      named,
      env: on.surroundings.env,
      readFile: (path) => on.surroundings.readFile(path, on.root, placeOf(node, on)?.file),
    });
  } catch (error) {
    // A file that is not there.
    if (error instanceof XrunError && !error.at)
      throw new XrunError(error.code, error.message, { ...error, at: placeOf(node, on), cause: error });
    if (!(error instanceof BadArgument)) throw error;
    throw templateError(`${name} ${error.message}`, node.params[error.index] ?? node.path, on, usage(helper));
  }
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

/** A path's value, or undefined where it leads nowhere. */
export function peek(node: Expression, frame: Frame): unknown {
  return peekPath(node as PathExpression, frame);
}

function argument(node: Expression, frame: Frame, on: Evaluation, lenient: boolean): unknown {
  if (node.type !== 'PathExpression') return on.within.value(node, frame, on);
  const value = lenient ? peek(node, frame) : on.within.value(node, frame, on);
  return value instanceof Root ? refuseRoot(value, node as PathExpression, on) : value;
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
  const named = Object.keys(helper.named ?? {}).map((key) => ` ${key}=...`);
  return `Use it as \`{{${helper.name} ${helper.args}${named.join('')}}}\`.`;
}
