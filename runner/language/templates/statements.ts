import { templateError } from './evaluation.ts';
import type { Evaluation, Place } from './evaluation.ts';
import type { Frame } from './frame.ts';
import { hashValues } from './helpers/call.ts';
import type { MustacheStatement, PathExpression } from './template.ts';
import type { StatementName } from './syntax.ts';
import { kindOf } from '../values/undefined.ts';
import { settled } from '../values/unknown.ts';

/** How each statement is written, and how many arguments it has. */
const forms: Record<StatementName, { usage: string; fits: (params: number, named: number) => boolean }> = {
  set: { usage: '{{set name=value}}', fits: (params, named) => params === 0 && named > 0 },
  append: { usage: '{{append list item}}', fits: (params, named) => params === 2 && named === 0 },
  extend: { usage: '{{extend list items}}', fits: (params, named) => params === 2 && named === 0 },
  update: {
    usage: '{{update mapping key=value}}` or `{{update mapping other}}',
    fits: (params, named) => (params === 1 && named > 0) || (params === 2 && named === 0),
  },
};

/** Throws E_TEMPLATE where a statement has other arguments than it takes. */
export function checkStatement(node: MustacheStatement, on: Place): void {
  const name = nameOf(node);
  if (forms[name].fits(node.params.length, node.hash?.pairs.length ?? 0)) return;
  throw templateError(`${name} has the wrong arguments`, node.path, on, `Use it as \`${forms[name].usage}\`.`);
}

/**
 * Carries out `{{set a=1}}`, `{{append list item}}`, `{{extend list items}}` and `{{update mapping key=value}}`: the names hold for the rest of
 * the template, or of the turn of `#each` that it is in. Only what `set` has made is changed: variables never are.
 */
export function runStatement(node: MustacheStatement, frame: Frame, on: Evaluation): void {
  checkStatement(node, on);
  const named = node.hash ? hashValues(node.hash, frame, on) : {};
  if (nameOf(node) === 'set') {
    for (const [name, value] of Object.entries(named)) frame.params[name] = ownCopy(value);
    return;
  }
  const target = madeBySet(node, frame, on);
  const [, second] = node.params;
  const given = second && on.within.value(second, frame, on);
  if (Array.isArray(target))
    target.push(...(nameOf(node) === 'extend' && Array.isArray(given) ? (given as unknown[]) : [given]));
  else Object.assign(target, settled(given ?? {}), named);
}

/** A value that may be changed without a variable of the same value being changed. */
function ownCopy(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (kindOf(value) === 'mapping' && Object.getPrototypeOf(value) === Object.prototype) return { ...(value as object) };
  return value;
}

function madeBySet(node: MustacheStatement, frame: Frame, on: Evaluation): unknown[] | object {
  const [path] = node.params as PathExpression[];
  const wanted = nameOf(node) === 'update' ? 'mapping' : 'list';
  const made = Object.hasOwn(frame.params, path?.original ?? '') ? frame.params[path!.original] : undefined;
  if (made !== undefined && kindOf(made) === wanted) return made as object;
  throw templateError(
    `${nameOf(node)} needs a ${wanted} that the template has made`,
    path ?? node.path,
    on,
    `Make it before: \`{{set ${path?.original ?? 'name'}=(${wanted === 'list' ? 'list' : 'dict'})}}\`.`,
  );
}

function nameOf(node: MustacheStatement): StatementName {
  return (node.path as PathExpression).original as StatementName;
}
