import { NoTranslation } from '../problem.ts';
import type { Expr, ExprOf, StatementOf } from '../source/ast.ts';
import { innerContext } from '../translate/context.ts';
import type { Context } from '../translate/context.ts';
import { unknown } from '../types.ts';
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
  context.macros = new Map([...context.macros, [name, macro]]);
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
