import type { Args, Expr } from './ast.ts';
import type { TokenReader } from './token-reader.ts';

const constants = new Map<string, boolean | null>([
  ...['true', 'True'].map((name) => [name, true] as const),
  ...['false', 'False'].map((name) => [name, false] as const),
  ...['none', 'None', 'null'].map((name) => [name, null] as const),
]);

/** A value with what binds most: its sign, its keys and calls, then filters and tests. */
export function parsePrimary(parser: TokenReader, filtered = true): Expr {
  const value = postfix(parser, signed(parser));
  return filtered ? filters(parser, value) : value;
}

function signed(parser: TokenReader): Expr {
  const { start, text, kind } = parser.peek();
  if (kind !== 'operator' || (text !== '-' && text !== '+')) return atom(parser);
  parser.take();
  const of = parsePrimary(parser, false);
  if (of.kind === 'literal' && typeof of.value === 'number')
    return { ...of, value: text === '-' ? -of.value : of.value, start };
  return { kind: 'unary', operator: text, of, start, end: of.end };
}

function atom(parser: TokenReader): Expr {
  const { kind, text, start, end } = parser.peek();
  if (kind === 'name') {
    parser.take();
    const constant = constants.get(text);
    return constant === undefined
      ? { kind: 'name', name: text, start, end }
      : { kind: 'literal', value: constant, start, end };
  }
  if (kind === 'text') return texts(parser);
  if (kind === 'integer' || kind === 'float') {
    parser.take();
    return {
      kind: 'literal',
      value: Number(text.replaceAll('_', '')),
      ...(kind === 'float' && { float: true }),
      start,
      end,
    };
  }
  if (parser.takes('(')) return group(parser, start);
  if (parser.takes('[')) return { kind: 'list', items: items(parser, ']'), start, end: parser.lastEnd() };
  if (parser.takes('{')) return mapping(parser, start);
  return parser.fail(text === '' ? 'The expression cannot be read.' : `The expression cannot be read at '${text}'.`);
}

/** Texts beside each other are one, as in Python. */
function texts(parser: TokenReader): Expr {
  const { start } = parser.peek();
  let value = '';
  while (parser.peek().kind === 'text') value += parser.take().text;
  return { kind: 'literal', value, start, end: parser.lastEnd() };
}

function group(parser: TokenReader, start: number): Expr {
  if (parser.takes(')')) return { kind: 'list', items: [], start, end: parser.lastEnd() };
  const first = parser.expression();
  if (parser.takes(')')) return { ...first, start, end: parser.lastEnd() };
  parser.expect(',');
  return { kind: 'list', items: [first, ...items(parser, ')')], start, end: parser.lastEnd() };
}

function items(parser: TokenReader, close: string): Expr[] {
  const found: Expr[] = [];
  while (!parser.takes(close)) {
    found.push(parser.expression());
    if (parser.peek().text !== close) parser.expect(',');
  }
  return found;
}

function mapping(parser: TokenReader, start: number): Expr {
  const entries: [Expr, Expr][] = [];
  while (!parser.takes('}')) {
    const key = parser.expression();
    parser.expect(':');
    entries.push([key, parser.expression()]);
    if (parser.peek().text !== '}') parser.expect(',');
  }
  return { kind: 'mapping', entries, start, end: parser.lastEnd() };
}

function postfix(parser: TokenReader, value: Expr): Expr {
  const { start } = value;
  if (parser.takes('.')) {
    const { kind, text } = parser.take();
    if (kind !== 'name' && kind !== 'integer')
      parser.fail('The expression cannot be read: expected a name behind the dot.');
    const key = kind === 'integer' ? Number(text) : text;
    return postfix(parser, { kind: 'attribute', of: value, key, start, end: parser.lastEnd() });
  }
  if (parser.takes('[')) return postfix(parser, subscript(parser, value));
  if (parser.takes('(')) {
    const args = parser.args();
    return postfix(parser, { kind: 'call', callee: value, args, start, end: parser.lastEnd() });
  }
  return value;
}

function subscript(parser: TokenReader, of: Expr): Expr {
  const { start } = of;
  const parts: (Expr | undefined)[] = [parser.peek().text === ':' ? undefined : parser.expression()];
  while (parser.takes(':')) parts.push(/^[:\]]$/.test(parser.peek().text) ? undefined : parser.expression());
  parser.expect(']');
  const end = parser.lastEnd();
  const [from, to, step] = parts;
  if (parts.length === 1) return { kind: 'item', of, index: from!, start, end };
  return { kind: 'slice', of, ...(from && { from }), ...(to && { to }), ...(step && { step }), start, end };
}

/** What `|` and `is` add to a value. */
function filters(parser: TokenReader, value: Expr): Expr {
  const { start } = value;
  if (parser.takes('|')) {
    const name = dotted(parser);
    const args = parser.takes('(') ? parser.args() : none();
    return filters(parser, { kind: 'filter', of: value, name, args, start, end: parser.lastEnd() });
  }
  if (parser.takes('is')) {
    const negated = parser.takes('not');
    const name = dotted(parser);
    const args = testArgs(parser);
    return filters(parser, { kind: 'test', of: value, name, args, negated, start, end: parser.lastEnd() });
  }
  return value;
}

/** A name, also `ansible.builtin.combine`. */
function dotted(parser: TokenReader): string {
  const names = [parser.name()];
  while (parser.peek().text === '.' && parser.peek().kind === 'operator') {
    parser.take();
    names.push(parser.name());
  }
  return names.join('.');
}

/** Words behind a test that are not its argument. */
const following = new Set(['else', 'or', 'and', 'is', 'if', 'in', 'not']);

/** `(a, b)`, or one value without parentheses. */
function testArgs(parser: TokenReader): Args {
  if (parser.takes('(')) return parser.args();
  const { kind, text } = parser.peek();
  const begins = kind === 'operator' ? /^[[{]$/.test(text) : kind !== 'end';
  if (!begins || (kind === 'name' && following.has(text))) return none();
  return { positional: [parsePrimary(parser, false)], named: {} };
}

function none(): Args {
  return { positional: [], named: {} };
}
