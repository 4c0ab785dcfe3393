import Handlebars from 'handlebars';
import { isStatement, nodesBelow, statementNames } from './syntax.ts';
import type { AnyNode, Node, Program } from './syntax.ts';

/** What jison hands to its error hook; `loc` is the last token's that was still right. */
export interface SyntaxMistake {
  text: string;
  token: string;
  loc: { last_line: number; last_column: number };
}

/** Thrown where a template cannot be parsed. */
export class SyntaxFault extends Error {
  readonly mistake: SyntaxMistake;
  constructor(mistake: SyntaxMistake) {
    super(`unexpected ${mistake.token}`);
    this.mistake = mistake;
  }
}

/** Handlebars takes a backslash before a quote for an escape and all others for text: `"\\"` would not end. */
const stringRules: Record<string, RegExp> = {
  '^(?:"(\\\\["]|[^"])*")': /^(?:"(\\[\s\S]|[^"\\])*")/,
  "^(?:'(\\\\[']|[^'])*')": /^(?:'(\\[\s\S]|[^'\\])*')/,
};

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

const handlebars = preciseHandlebars();

/**
 * Parses a template. Strings in it know `\n`, `\t`, `\r`, `\\` and quotes; any other backslash stays, as in Python, for
 * regular expressions. Throws {@link SyntaxFault}.
 */
export function parseProgram(text: string): Program {
  const program = handlebars.parse(text);
  if (text.includes('\\')) unescape(program);
  if (statementNames.some((name) => text.includes(name))) leaveNoLines(program, text.split('\n'));
  return program;
}

/** A statement that has a line for itself leaves none, as Handlebars does it with blocks. */
function leaveNoLines(node: Node, lines: readonly string[]): void {
  const { body = [] } = node as AnyNode;
  for (const [i, statement] of body.entries()) {
    if (!isStatement(statement)) continue;
    const { start, end } = statement.loc;
    const before = lines[start.line - 1]?.slice(0, start.column) ?? '';
    const after = lines[end.line - 1]?.slice(end.column) ?? '';
    if (before.trim() !== '' || after.trim() !== '') continue;
    stripContent(body[i - 1], /[ \t]+$/);
    stripContent(body[i + 1], /^[ \t]*\r?\n?/);
  }
  for (const inner of nodesBelow(node)) leaveNoLines(inner, lines);
}

function stripContent(node: Node | undefined, pattern: RegExp): void {
  if (node?.type !== 'ContentStatement') return;
  const content = node as hbs.AST.ContentStatement;
  content.value = content.value.replace(pattern, '');
}

function unescape(node: Node): void {
  if (node.type === 'StringLiteral') {
    const literal = node as hbs.AST.StringLiteral;
    literal.value = literal.value.replaceAll(/\\(.)/g, (whole, sign: string) => escapes[sign] ?? whole);
  }
  const { path, name } = node as AnyNode & { name?: Node };
  for (const inner of [path, name, ...nodesBelow(node)]) if (inner) unescape(inner);
}

/** A Handlebars of our own whose parser reports where it stopped, which Handlebars' own message does only roughly. */
function preciseHandlebars(): typeof Handlebars {
  const own = Handlebars.create();
  // The hook's holder is filled by the first parse.
  own.parse('');
  const { Parser } = own as unknown as {
    Parser: { yy: { parseError?: (message: string, at: SyntaxMistake) => never }; lexer: { rules: RegExp[] } };
  };
  Parser.lexer.rules = Parser.lexer.rules.map((rule) => stringRules[rule.source] ?? rule);
  Parser.yy.parseError = (_message, at) => {
    throw new SyntaxFault(at);
  };
  return own;
}
