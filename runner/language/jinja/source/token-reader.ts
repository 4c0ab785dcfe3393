import { NoTranslation } from '../problem.ts';
import type { Args, Expr } from './ast.ts';
import { tokensOf } from './lexer.ts';
import type { ExpressionSource, Token } from './lexer.ts';

/** Goes through the tokens of an expression. */
export abstract class TokenReader {
  readonly #tokens: Token[];
  #next = 0;

  constructor(source: ExpressionSource) {
    this.#tokens = tokensOf(source);
  }

  /** A whole expression. */
  abstract expression(): Expr;

  /** `(a, b, key=c)` after its opening parenthesis. */
  args(): Args {
    const args: Args = { positional: [], named: {} };
    while (!this.takes(')')) {
      const { kind, text, start } = this.peek();
      if (kind === 'operator' && /^\*\*?$/.test(text))
        this.fail('Arguments that a list or a mapping gives have no translation.', start);
      if (kind === 'name' && this.peek(1).text === '=') {
        this.take();
        this.take();
        args.named[text] = this.expression();
      } else args.positional.push(this.expression());
      if (this.peek().text !== ')') this.expect(',');
    }
    return args;
  }

  /** The token that comes next, or later ones; it stays there. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  /** The next token, which counts as read. */
  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Reads the next token if it is this operator or word. */
  takes(text: string): boolean {
    const { kind, text: found } = this.peek();
    if (found !== text || kind === 'text') return false;
    this.#next++;
    return true;
  }

  /** Reads the next token, which must be this one. */
  expect(text: string): Token {
    if (!this.takes(text)) this.fail(`The expression cannot be read: expected '${text}'.`);
    return this.#tokens[this.#next - 1]!;
  }

  /** A name that must come next. */
  name(): string {
    if (this.peek().kind !== 'name') this.fail('The expression cannot be read: expected a name.');
    return this.take().text;
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** The place of the token that was read last. */
  lastEnd(): number {
    return this.#tokens[Math.max(this.#next - 1, 0)]!.end;
  }

  fail(message: string, start = this.peek().start): never {
    const { end, text } = this.peek();
    throw new NoTranslation(
      'J_SYNTAX',
      { start, end },
      text === '' ? `${message.replace(/\.$/, '')}, found its end.` : message,
    );
  }
}
