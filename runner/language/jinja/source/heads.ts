import type { Expr, Loop, Macro } from './ast.ts';
import type { ExpressionParser } from './expression.ts';

/** `a, b in list if test` behind `for`. */
export function loopOf(parser: ExpressionParser): Loop {
  const targets = [];
  const grouped = parser.takes('(');
  do targets.push(parser.name());
  while (parser.takes(',') && parser.peek().text !== 'in');
  if (grouped) parser.expect(')');
  parser.expect('in');
  const over = parser.operation(0);
  const test = parser.takes('if') ? parser.expression() : undefined;
  const whole = parser.takes('else')
    ? parser.fail('A loop over one of two lists has no translation; set the list before.')
    : over;
  if (parser.takes('recursive')) parser.fail('A recursive loop has no counterpart in Handlebars.');
  atEnd(parser);
  return { targets, over: whole, ...(test && { test }) };
}

/** `name = value`, `a, b = values`, `ns.name = value`, or `name | filter` of a block, behind `set`. */
export function setOf(parser: ExpressionParser): { targets: Expr[]; value?: Expr; filters: Expr | undefined } {
  const first = parser.tuple();
  if (!parser.takes('=')) {
    atEnd(parser);
    return { targets: [innermost(first)], filters: first.kind === 'filter' ? first : undefined };
  }
  const value = parser.tuple();
  atEnd(parser);
  return { targets: first.kind === 'list' ? first.items : [first], value, filters: undefined };
}

function innermost(value: Expr): Expr {
  return value.kind === 'filter' ? innermost(value.of) : value;
}

/** `name(a, b=1)` behind `macro`. */
export function macroOf(parser: ExpressionParser): Macro {
  const name = parser.name();
  const params: Macro['params'] = [];
  parser.expect('(');
  while (!parser.takes(')')) {
    const param = parser.name();
    const other = parser.takes('=') ? parser.expression() : undefined;
    params.push({ name: param, ...(other && { other }) });
    if (parser.peek().text !== ')') parser.expect(',');
  }
  atEnd(parser);
  return { name, params };
}

/** The name behind `block`. */
export function blockOf(parser: ExpressionParser): string {
  const name = parser.name();
  while (parser.takes('scoped') || parser.takes('required'));
  atEnd(parser);
  return name;
}

/** `a = 1, b = 2` behind `with`. */
export function withOf(parser: ExpressionParser): [string, Expr][] {
  const targets: [string, Expr][] = [];
  while (!parser.atEnd()) {
    const name = parser.name();
    parser.expect('=');
    targets.push([name, parser.expression()]);
    if (!parser.atEnd()) parser.expect(',');
  }
  return targets;
}

/** What `include` names, and whether it may be missing. */
export function nameOfInclude(parser: ExpressionParser): { name: Expr; optional: boolean } {
  const name = parser.expression();
  let optional = false;
  if (parser.takes('ignore')) optional = parser.takes('missing');
  if (parser.takes('without')) parser.fail('An include without context has no counterpart in Handlebars.', name.start);
  if (parser.takes('with')) parser.expect('context');
  atEnd(parser);
  return { name, optional };
}

function atEnd(parser: ExpressionParser): void {
  if (!parser.atEnd()) parser.fail(`The statement cannot be read at '${parser.peek().text}'.`);
}
