import { NoTranslation } from '../problem.ts';
import type { Span } from '../problem.ts';

/** A token of an expression. */
export interface Token extends Span {
  kind: 'name' | 'integer' | 'float' | 'text' | 'operator' | 'end';
  /** As it is written; of text what it means. */
  text: string;
}

/** A part of a text that holds an expression, and whether backslashes in its texts are escapes. */
export interface ExpressionSource extends Span {
  text: string;
  /** False in values of YAML: there Ansible takes a backslash for itself. */
  escapes: boolean;
}

const forms: [kind: Token['kind'] | 'space', form: RegExp][] = [
  ['space', /\s+/y],
  ['float', /\d[\d_]*(?:\.\d[\d_]*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)/y],
  ['integer', /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*/y],
  ['name', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['text', /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y],
  ['operator', /\/\/|\*\*|==|!=|<=|>=|[-+*/%~[\](){}<>=.,:|;]/y],
];

/** The tokens of an expression, the last of them its end. Throws NoTranslation for a sign that none begins with. */
export function tokensOf({ text, start, end, escapes }: ExpressionSource): Token[] {
  const tokens: Token[] = [];
  for (let at = start; at < end;) {
    const [kind, found] = match(text, at, tokens.at(-1)) ?? fail(text, at, end);
    const stop = at + found.length;
    if (stop > end) fail(text, at, end);
    if (kind === 'text') tokens.push({ kind, start: at, end: stop, text: meaning(found.slice(1, -1), escapes) });
    else if (kind !== 'space') tokens.push({ kind, start: at, end: stop, text: found });
    at = stop;
  }
  return [...tokens, { kind: 'end', start: end, end, text: '' }];
}

function match(text: string, at: number, before: Token | undefined): [Token['kind'] | 'space', string] | undefined {
  for (const [kind, form] of forms) {
    // In `a.0.1` there are two keys and not a fraction.
    if (kind === 'float' && before?.text === '.' && before.end === at) continue;
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found) return [kind, found];
  }
  return undefined;
}

function fail(text: string, at: number, end: number): never {
  const found = text.slice(at, Math.min(at + 10, end));
  throw new NoTranslation('J_SYNTAX', { start: at, end: at + 1 }, `The expression cannot be read at '${found}'.`);
}

const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' };

/** The text that Python's escapes stand for. */
function meaning(written: string, escapes: boolean): string {
  if (!escapes) return written;
  return written.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([0-7]{1,3})|([^]))/g,
    (all, hex?: string, unicode?: string, octal?: string, other?: string) => {
      if (other !== undefined) return simple[other] ?? (/['"\\]/.test(other) ? other : all);
      return String.fromCharCode(octal === undefined ? parseInt(hex ?? unicode ?? '', 16) : parseInt(octal, 8));
    },
  );
}
