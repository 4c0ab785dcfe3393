import type Handlebars from 'handlebars';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { templateHint } from './jinja.ts';
import { parseProgram, SyntaxFault } from './parser.ts';
import type { SyntaxMistake } from './parser.ts';
import { nodesBelow } from './syntax.ts';
import type { AnyNode, MustacheStatement, Node, PathExpression, Program } from './syntax.ts';

export type * from './syntax.ts';

/** Where the characters from `start` to `end` of a template are; undefined where that is not known. */
export type Locate = (start: number, end: number) => Position | undefined;

/** A parsed template. */
export interface Template {
  program: Program;
  text: string;
  /** Offsets of the beginnings of its lines. */
  lines: number[];
  /** The only `{{expression}}` of a template that holds nothing else: its value keeps its type. */
  lone?: MustacheStatement;
}

const cache = new Map<string, Template>();
const cacheSize = 20_000;

/**
 * Parses a template, once for each text. Throws E_TEMPLATE at the exact place.
 *
 * @param locate returns the position of a part of the text in the user's file
 */
export function parseTemplate(text: string, locate: Locate): Template {
  const known = cache.get(text);
  if (known) return known;
  const lines = lineStarts(text);
  const program = parse(text, lines, locate);
  const [only] = program.body;
  const template: Template = { program, text, lines };
  if (program.body.length === 1 && only?.type === 'MustacheStatement') template.lone = only as MustacheStatement;
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, template);
  return template;
}

/** Offsets into the template's text of a node of its tree. */
export function spanOf(template: Template, node: Node): [number, number] {
  const { start, end } = node.loc;
  return [offsetOf(template.lines, start), offsetOf(template.lines, end)];
}

function parse(text: string, lines: number[], locate: Locate): Program {
  try {
    const program = parseProgram(text);
    refuseJinja(program, text, lines, locate);
    return program;
  } catch (error) {
    if (error instanceof XrunError) throw error;
    const [start, end, message] = explain(error, text, lines);
    const at = locate(start, end);
    const hint = templateHint(text, start);
    throw new XrunError('E_TEMPLATE', message, { ...(at && { at }), ...(hint && { hint }), cause: error });
  }
}

/** Text is a template where it holds one of these; `{%` is an error, for it would go to the host as it is. */
export function isTemplateText(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Throws E_TEMPLATE for `{%` outside of `{{{{raw}}}}` blocks. */
function refuseJinja(node: AnyNode, text: string, lines: number[], locate: Locate): void {
  if (!text.includes('{%')) return;
  if (node.type === 'ContentStatement') {
    const from = offsetOf(lines, node.loc.start);
    const start = text.indexOf('{%', from);
    if (start < 0 || start >= offsetOf(lines, node.loc.end)) return;
    const at = locate(start, start + 2);
    const hint =
      'Write `{{#each list}}...{{/each}}` or `{{#if name}}...{{/if}}`; put literal text in `{{{{raw}}}}...{{{{/raw}}}}`, or tag it `!unsafe`.';
    throw new XrunError('E_TEMPLATE', "'{%' is Jinja; templates are Handlebars", { ...(at && { at }), hint });
  }
  if (node.type === 'BlockStatement' && (node.path as PathExpression).original === 'raw') return;
  for (const inner of nodesBelow(node)) refuseJinja(inner, text, lines, locate);
}

function explain(error: unknown, text: string, lines: number[]): [number, number, string] {
  if (error instanceof SyntaxFault) return explainSyntax(error.mistake, text, lines);
  const { lineNumber, column, endLineNumber, endColumn, message } = error as Handlebars.Exception;
  if (typeof lineNumber !== 'number') return [0, 1, `the template cannot be read: ${message}`];
  const start = offsetOf(lines, { line: lineNumber, column: Number(column) });
  const end = offsetOf(lines, { line: Number(endLineNumber), column: Number(endColumn) });
  return [start, end, message.replace(/ - \d+:\d+$/, '')];
}

function explainSyntax(
  { text: found, token, loc }: SyntaxMistake,
  text: string,
  lines: number[],
): [number, number, string] {
  const after = offsetOf(lines, { line: loc.last_line, column: loc.last_column });
  const open = text.lastIndexOf('{{', after);
  if (token === 'EOF' || (open >= 0 && !text.includes('}}', open))) return explainEnd(text);
  // An invalid token begins with a name that the lexer could not end: the sign behind the name is the wrong one.
  const right = token === 'INVALID' ? /^\s*[\w-]*/ : /^\s*/;
  const start = after + (right.exec(text.slice(after))?.[0].length ?? 0);
  const end = token === 'INVALID' ? start + 1 : Math.max(start + 1, start + found.length);
  return [start, end, `unexpected '${text.slice(start, end)}' in a template`];
}

function explainEnd(text: string): [number, number, string] {
  const open = Math.max(text.lastIndexOf('{{'), 0);
  const unclosed = !text.includes('}}', open);
  return [open, open + 2, unclosed ? "'{{' has no '}}'" : 'the template ends inside of a block that was not closed'];
}

/** Lines as Handlebars counts them. */
function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (line) => line.index + line[0].length)];
}

function offsetOf(lines: number[], { line, column }: { line: number; column: number }): number {
  return (lines[line - 1] ?? 0) + column;
}
