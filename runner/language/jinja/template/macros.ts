import { NoTranslation } from '../problem.ts';
import type { Expr, ExprOf, Macro, Statement, StatementOf } from '../source/ast.ts';
import { innerContext } from '../translate/context.ts';
import type { Context } from '../translate/context.ts';
import { text, unknown } from '../types.ts';
import { some } from './writer.ts';
import type { TemplateWriter, WriteBody } from './writer.ts';

/** `{% macro %}` as a partial that the template defines itself. */
export function writeMacro(
  statement: StatementOf<'macro'>,
  context: Context,
  writer: TemplateWriter,
  write: WriteBody,
): void {
  const { macro, open, body, close } = statement;
  writer.expressions++;
  const { name, params } = macro;
  const inner = innerContext(context, { inLoop: false });
  for (const param of params) inner.locals.set(param.name, { kind: 'local', path: param.name, type: unknown });
  writer.block(`{{#*inline "${name}"}}`, open.broken);
  // In a loop a bare name belongs to the item, unless it is set.
  const loops = some(body, (node) => node.kind === 'for');
  if (loops && params.length > 0)
    writer.block(`{{set ${params.map((param) => `${param.name}=${param.name}`).join(' ')}}}`, false);
  write(body, inner);
  writer.block('{{/inline}}', close.broken);
}

/** `{{ macro(a, b) }}` as `{{> macro}}`; parameters that are not given have their defaults. */
export function writeCall(expr: ExprOf<'call'>, context: Context, writer: TemplateWriter): void {
  const { name } = expr.callee as ExprOf<'name'>;
  const { params } = context.macros.get(name)!;
  const { positional, named } = expr.args;
  if (positional.length > params.length)
    throw new NoTranslation('J_FUNCTION', expr, `The macro '${name}' takes ${params.length} arguments.`);
  const missing: Expr = { kind: 'literal', value: null, start: expr.start, end: expr.end };
  const args = params.map((param, i) => {
    const value = positional[i] ?? named[param.name] ?? param.other ?? missing;
    return `${param.name}=${writer.argument(value, context)}`;
  });
  writer.block(`{{> ${[name, '@root', ...args].join(' ')}}}`, false);
}

/** All macros of a template: one may call another that stands further down. */
export function macrosIn(body: readonly Statement[]): Map<string, Macro> {
  const macros = new Map<string, Macro>();
  some(body, (node) => {
    const { kind, macro } = node as Partial<StatementOf<'macro'>>;
    if (kind === 'macro' && macro) macros.set(macro.name, macro);
    return false;
  });
  return macros;
}

/**
 * An expression in which a macro is called, with names instead of the calls: what the macros print is captured before.
 * One that is nothing but the call stays.
 */
export function captured(expr: Expr, context: Context, writer: TemplateWriter): Expr {
  return inside(expr, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'name' || !context.macros.has(node.callee.name)) return undefined;
    const name = `called${context.locals.size}`;
    writer.block(`{{#capture "${name}"}}`, false);
    writeCall(node, context, writer);
    writer.block('{{/capture}}', false);
    context.locals.set(name, { kind: 'local', path: name, type: text });
    return { kind: 'name', name, start: node.start, end: node.end };
  });
}

/** The same tree with other nodes where `replace` gives one; those inside of others first. */
function inside<T>(node: T, replace: (node: Expr) => Expr | undefined): T {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item: unknown) => inside(item, replace)) as T;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, inside(value as unknown, replace)]),
  ) as T;
  return ((copy as Partial<Expr>).kind ? (replace(copy as Expr) as T | undefined) : undefined) ?? copy;
}
