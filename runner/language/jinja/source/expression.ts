import { NoTranslation } from '../problem.ts';
import type { BinaryOperator, CompareOperator, Expr } from './ast.ts';
import type { ExpressionSource } from './lexer.ts';
import { parsePrimary } from './primary.ts';
import { TokenReader } from './token-reader.ts';

/** How strongly the operators between two values bind, as Jinja has it. */
const binding: Record<string, number> = {
  ...{ or: 1, and: 2, '==': 4, '!=': 4, '<': 4, '<=': 4, '>': 4, '>=': 4, in: 4 },
  ...{ '+': 5, '-': 5, '~': 6, '*': 7, '/': 7, '//': 7, '%': 7, '**': 8 },
};
const comparing = 4;
const negating = 3;

/** Reads the tokens of expressions one after the other; throws NoTranslation where they make none. */
export class ExpressionParser extends TokenReader {
  /** A whole expression, with `a if b else c`. */
  expression(): Expr {
    let value = this.operation(0);
    while (this.takes('if')) {
      const test = this.operation(0);
      const other = this.takes('else') ? this.expression() : undefined;
      const end = (other ?? test).end;
      value = { kind: 'choice', test, then: value, ...(other && { other }), start: value.start, end };
    }
    return value;
  }

  /** Values and the operators between them that bind at least so strongly; no `if`. */
  operation(least: number): Expr {
    let left = this.#operand(least);
    for (let operator = this.#operator(); operator; operator = this.#operator()) {
      const strength = binding[operator] ?? binding.in!;
      if (strength < least) break;
      left = strength === comparing ? this.#comparison(left) : this.#binary(operator as BinaryOperator, strength, left);
    }
    return left;
  }

  /** What may stand before a comma: several values without parentheses are a tuple. */
  tuple(): Expr {
    const first = this.expression();
    if (this.peek().text !== ',' || this.peek().kind !== 'operator') return first;
    const items = [first];
    while (this.takes(',') && !this.atEnd()) items.push(this.expression());
    return { kind: 'list', items, start: first.start, end: items.at(-1)!.end };
  }

  #operand(least: number): Expr {
    const { start } = this.peek();
    if (least <= negating && this.takes('not')) {
      const of = this.operation(negating);
      return { kind: 'unary', operator: 'not', of, start, end: of.end };
    }
    return parsePrimary(this);
  }

  #operator(): string | undefined {
    const { kind, text } = this.peek();
    if (kind === 'text') return undefined;
    if (text === 'not' && this.peek(1).text === 'in') return 'not in';
    return Object.hasOwn(binding, text) ? text : undefined;
  }

  #binary(operator: BinaryOperator, strength: number, left: Expr): Expr {
    this.take();
    const right = this.operation(strength + 1);
    return { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }

  #comparison(first: Expr): Expr {
    const rest: [CompareOperator, Expr][] = [];
    for (let operator = this.#operator(); operator; operator = this.#operator()) {
      if ((binding[operator] ?? comparing) !== comparing) break;
      this.take();
      if (operator === 'not in') this.take();
      rest.push([operator as CompareOperator, this.operation(comparing + 1)]);
    }
    return { kind: 'compare', first, rest, start: first.start, end: rest.at(-1)![1].end };
  }
}

/** The expression that a text holds; it must be nothing else. Throws NoTranslation. */
export function parseExpression(source: ExpressionSource): Expr {
  const parser = new ExpressionParser(source);
  if (parser.atEnd()) throw new NoTranslation('J_SYNTAX', source, 'The expression is empty.');
  const value = parser.tuple();
  if (!parser.atEnd()) parser.fail(`The expression cannot be read at '${parser.peek().text}'.`);
  return value;
}
