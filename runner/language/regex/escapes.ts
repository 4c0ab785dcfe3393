import type { Item } from './nodes.ts';
import type { PatternReader } from './reader.ts';
import { PatternError } from './reader.ts';

const CONTROLS: Record<string, string> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A character's place in Unicode. */
export function alphabet(char: string): number {
  return char.codePointAt(0) as number;
}

/** What a backslash and what follows stand for, in a set or outside; references and edges are not for here. Throws a {@link PatternError}. */
export function escapeOf(input: PatternReader): Item {
  const at = input.at;
  const code = input.match(/\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|u\{([0-9A-Fa-f]{1,6})\})/y);
  if (code) return char(Number.parseInt((code[1] ?? code[2] ?? code[3] ?? code[4]) as string, 16), at);
  const octal = input.match(/\\(0[0-7]{0,2}|[1-3][0-7]{2})/y);
  if (octal) return char(Number.parseInt(octal[1] as string, 8), at);
  const property = input.match(/\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/y);
  if (property)
    return {
      kind: 'property',
      not: (property[1] === 'P') !== (property[2] === '^'),
      name: (property[3] ?? property[4]) as string,
    };
  const kind = input.match(/\\([dDwWsS])/y)?.[1];
  if (kind) return { kind: 'kind', letter: kind };
  input.next();
  if (input.done) throw new PatternError('a backslash at the end', at);
  const letter = input.next();
  const control = CONTROLS[letter];
  if (control !== undefined) return { kind: 'char', char: control };
  if (/[A-Za-z0-9]/.test(letter)) throw new PatternError(`'\\${letter}' is not supported`, at);
  return { kind: 'char', char: letter };
}

function char(code: number, at: number): Item {
  if (code > 0x10ffff) throw new PatternError('the character does not exist', at);
  return { kind: 'char', char: String.fromCodePoint(code) };
}
