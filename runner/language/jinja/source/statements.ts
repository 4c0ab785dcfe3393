import { NoTranslation } from '../problem.ts';
import type { Branch, Statement, Tag } from './ast.ts';
import { ExpressionParser, parseExpression } from './expression.ts';
import { blockOf, loopOf, macroOf, nameOfInclude, setOf, withOf } from './heads.ts';
import { piecesOf } from './pieces.ts';
import type { Piece, WhiteSpace } from './pieces.ts';

/** How a template is read. */
export interface Reading extends WhiteSpace {
  /** False where backslashes in the texts of `{{ }}` are plain ones: in values of YAML. */
  escapes: boolean;
}

/** The statements of a template. Throws NoTranslation where they cannot be read. */
export function parseStatements(text: string, reading: Reading): Statement[] {
  const reader = new StatementReader(text, piecesOf(text, reading), reading.escapes);
  return reader.body([]);
}

/** A statement without an end of its own, and the words that end its body. */
type Reader = (reader: StatementReader, piece: Piece) => Statement;

const readers: Record<string, Reader> = {
  if: (reader, piece) => reader.branches(piece),
  for(reader, piece) {
    const loop = loopOf(reader.head(piece));
    const body = reader.body(['else', 'endfor']);
    const middle = wordOf(reader.last) === 'else' ? tagOf(reader.last) : undefined;
    const other = middle && { tag: middle, body: reader.body(['endfor']) };
    return {
      kind: 'for',
      loop,
      open: tagOf(piece),
      body,
      ...(other && { other }),
      close: tagOf(reader.last),
      ...spanOf(piece),
    };
  },
  set(reader, piece) {
    const { targets, value, filters } = setOf(reader.head(piece));
    if (value) return { kind: 'set', targets, value, broken: piece.broken, ...spanOf(piece) };
    const [target] = targets;
    if (target?.kind !== 'name' || targets.length > 1) return reader.fail(piece, "'set' with a block takes one name.");
    return { kind: 'set-block', name: target.name, filters, ...reader.block(piece, 'endset') };
  },
  filter(reader, piece) {
    const value = reader.filterHead(piece);
    return { kind: 'filter', value, ...reader.block(piece, 'endfilter') };
  },
  macro: (reader, piece) => ({ kind: 'macro', macro: macroOf(reader.head(piece)), ...reader.block(piece, 'endmacro') }),
  block: (reader, piece) => ({ kind: 'block', name: blockOf(reader.head(piece)), ...reader.block(piece, 'endblock') }),
  with: (reader, piece) => ({ kind: 'with', targets: withOf(reader.head(piece)), ...reader.block(piece, 'endwith') }),
  include: (reader, piece) => ({
    kind: 'include',
    ...nameOfInclude(reader.head(piece)),
    broken: piece.broken,
    ...spanOf(piece),
  }),
};

const endings = new Set(['elif', 'else', 'endif', 'endfor', 'endset', 'endfilter', 'endmacro', 'endwith', 'endblock']);

/** Reads pieces one after the other. */
class StatementReader {
  readonly #text: string;
  readonly #pieces: Piece[];
  readonly #escapes: boolean;
  #next = 0;
  /** The tag that ended the last body. */
  closing: Piece | undefined;

  constructor(text: string, pieces: Piece[], escapes: boolean) {
    this.#text = text;
    this.#pieces = pieces;
    this.#escapes = escapes;
  }

  /** The tag that ended the last body, which had to have an end. */
  get last(): Piece {
    return this.closing!;
  }

  /** The statements up to one of these words; of all where there are none. */
  body(until: string[]): Statement[] {
    const body: Statement[] = [];
    const opened = this.#pieces[this.#next - 1];
    this.closing = undefined;
    for (let piece = this.#pieces[this.#next]; piece; piece = this.#pieces[this.#next]) {
      this.#next++;
      if (piece.kind === 'statement' && endings.has(wordOf(piece))) {
        this.closing = piece;
        if (!until.includes(wordOf(piece))) this.fail(piece, unexpected(piece, until.at(-1)));
        return body;
      }
      body.push(this.#statement(piece));
    }
    if (until.length > 0 && opened) this.fail(opened, `'${wordOf(opened)}' has no '${until.at(-1)}'.`);
    this.closing = undefined;
    return body;
  }

  /** The body of a statement with its tags. */
  block(piece: Piece, end: string): { open: Tag; body: Statement[]; close: Tag; start: number; end: number } {
    const body = this.body([end]);
    return { open: tagOf(piece), body, close: tagOf(this.last), ...spanOf(piece) };
  }

  /** `if` with all its branches. */
  branches(piece: Piece): Statement {
    const branches: Branch[] = [];
    for (let tag = piece; wordOf(tag) !== 'else' && wordOf(tag) !== 'endif'; tag = this.last) {
      const test = this.#whole(this.head(tag));
      branches.push({ test, tag: tagOf(tag), body: this.body(['elif', 'else', 'endif']) });
    }
    const middle = wordOf(this.last) === 'else' ? tagOf(this.last) : undefined;
    const other = middle && { tag: middle, body: this.body(['endif']) };
    return { kind: 'if', branches, ...(other && { other }), close: tagOf(this.last), ...spanOf(piece) };
  }

  /** A parser of what is behind the word of a statement. */
  head(piece: Piece): ExpressionParser {
    const before = /^\s*\w+/.exec(piece.text)![0].length;
    const start = piece.inside + before;
    return new ExpressionParser({ text: this.#text, start, end: piece.inside + piece.text.length, escapes: true });
  }

  /** `filter a | b(c)`: what it does to the body, which is called `filtered`. */
  filterHead(piece: Piece): ReturnType<ExpressionParser['expression']> {
    const before = /^\s*\w+/.exec(piece.text)![0];
    const text = `filtered | ${piece.text.slice(before.length)}`;
    return parseExpression({ text, start: 0, end: text.length, escapes: true });
  }

  fail(piece: Piece, message: string): never {
    throw new NoTranslation('J_SYNTAX', piece, message);
  }

  #statement(piece: Piece): Statement {
    const { kind, text, start, end, inside, broken } = piece;
    if (kind === 'data') return { kind, text, start, end };
    if (kind === 'comment') return { kind, text, broken, start, end };
    if (kind === 'output') {
      const source = { text: this.#text, start: inside, end: inside + text.length, escapes: this.#escapes };
      return { kind, value: parseExpression(source), start, end };
    }
    const word = wordOf(piece);
    const reader = Object.hasOwn(readers, word) ? readers[word] : undefined;
    if (reader) return reader(this, piece);
    throw new NoTranslation('J_STATEMENT', piece, `'{% ${word} %}' has no counterpart in Handlebars.`);
  }

  #whole(parser: ExpressionParser): ReturnType<ExpressionParser['expression']> {
    const value = parser.tuple();
    if (!parser.atEnd()) parser.fail(`The expression cannot be read at '${parser.peek().text}'.`);
    return value;
  }
}

function unexpected(piece: Piece, wanted: string | undefined): string {
  const found = `'${wordOf(piece)}'`;
  return wanted === undefined ? `${found} does not close anything here.` : `Expected '${wanted}', found ${found}.`;
}

function wordOf(piece: Piece): string {
  return /^\s*(\w*)/.exec(piece.text)![1] ?? '';
}

function tagOf({ start, end, broken }: Piece): Tag {
  return { start, end, broken };
}

function spanOf({ start, end }: Piece): { start: number; end: number } {
  return { start, end };
}
