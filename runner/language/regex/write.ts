import type { Edge, Item, Node } from './nodes.ts';
import type { Parsed } from './parse.ts';

/** How an engine spells what is not the same everywhere; undefined for what it does not have. */
interface Dialect {
  edges: Record<Edge['at'], string>;
  /** `(?i:` and the like, for a part of the pattern. */
  scoped: boolean;
  /** What looks around, and what has been matched before. */
  looks: boolean;
  property(name: string, not: boolean): string;
}

/** RE2's syntax, as re2js has it: no state of flags is assumed. */
const RE2: Dialect = {
  edges: { start: '\\A', end: '\\z', 'line start': '(?m:^)', 'line end': '(?m:$)', word: '\\b', 'no word': '\\B' },
  scoped: true,
  looks: false,
  property: (name, not) => `\\${not ? 'P' : 'p'}{${name}}`,
};

/** V8's, with the flag `u` and perhaps `i`. Its own `^`, `$` and `.` take U+2028 and `\r` for line ends, so they are spelled out. */
const V8: Dialect = {
  edges: {
    start: '(?<![^])',
    end: '(?![^])',
    'line start': '(?<![^\\n])',
    'line end': '(?![^\\n])',
    word: '\\b',
    'no word': '\\B',
  },
  scoped: false,
  looks: true,
  property: (name, not) =>
    `\\${not ? 'P' : 'p'}{${name.length > 2 && /^[A-Z][a-z]/.test(name) ? `Script=${name}` : name}}`,
};

/** Python's blanks, as far as they are ASCII; RE2's lack the vertical tab, V8's have all of Unicode's. */
const BLANKS = '\\t\\n\\v\\f\\r\\x20';

/** The pattern for re2js; undefined where it cannot be had in linear time. */
export function toRe2(parsed: Parsed): string | undefined {
  const text = write(parsed.body, RE2);
  return text === undefined ? undefined : parsed.ignoreCase ? `(?i:${text})` : text;
}

/** The pattern for V8, and its flags; undefined where it has no such thing. */
export function toV8(parsed: Parsed): { source: string; flags: string } | undefined {
  const source = write(parsed.body, V8, parsed.names);
  return source === undefined ? undefined : { source, flags: parsed.ignoreCase ? 'iu' : 'u' };
}

function write(body: readonly Node[][], dialect: Dialect, names?: ReadonlyMap<string, number>): string | undefined {
  let complete = true;
  const alternatives = (all: readonly Node[][]): string => all.map((nodes) => nodes.map(one).join('')).join('|');
  const one = (node: Node): string => {
    switch (node.kind) {
      case 'char':
        return literal(node.char);
      case 'any':
        return node.lines ? (dialect.looks ? '[^]' : '(?s:.)') : '[^\\n]';
      case 'edge':
        return dialect.edges[node.at];
      case 'class':
        return set(node.items, node.not, dialect);
      case 'group':
        if (node.ignoreCase !== undefined && !dialect.scoped) complete = false;
        return `(${node.capture ? '' : node.ignoreCase === undefined ? '?:' : node.ignoreCase ? '?i:' : '?-i:'}${alternatives(node.body)})`;
      case 'repeat': {
        const { min, max, lazy, body } = node;
        const times =
          max === Infinity
            ? min === 0
              ? '*'
              : min === 1
                ? '+'
                : `{${min},}`
            : min === 0 && max === 1
              ? '?'
              : min === max
                ? `{${min}}`
                : `{${min},${max}}`;
        const inner = one(body);
        return `${body.kind === 'look' || body.kind === 'repeat' ? `(?:${inner})` : inner}${times}${lazy ? '?' : ''}`;
      }
      case 'look':
        complete &&= dialect.looks;
        return `(?${node.behind ? '<' : ''}${node.not ? '!' : '='}${alternatives(node.body)})`;
      case 'back':
        complete &&= dialect.looks;
        return `(?:\\${typeof node.group === 'number' ? node.group : (names?.get(node.group) ?? 0)})`;
    }
  };
  const text = alternatives(body);
  return complete ? text : undefined;
}

function literal(char: string): string {
  const code = char.codePointAt(0) as number;
  if (/^[A-Za-z0-9_ "'`,:;=<>@!#%&~]$/.test(char)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x80 ? (char === '-' ? '\\x2d' : `\\${char}`) : char;
}

function set(items: readonly Item[], not: boolean, dialect: Dialect): string {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'kind' && only.letter === 'S') return `[${not ? '' : '^'}${BLANKS}]`;
  return `[${not ? '^' : ''}${items.map((item) => member(item, dialect)).join('')}]`;
}

function member(item: Item, dialect: Dialect): string {
  if (item.kind === 'range') return `${inSet(item.from)}-${inSet(item.to)}`;
  if (item.kind === 'property') return dialect.property(item.name, item.not);
  if (item.kind === 'kind') return item.letter === 's' ? BLANKS : `\\${item.letter}`;
  return inSet(item.char);
}

/** A literal; of the signs `&&` and the like nothing is left that a later dialect could take for an operator. */
function inSet(char: string): string {
  const code = char.codePointAt(0) as number;
  return code < 0x80 && !/[A-Za-z0-9_]/.test(char) ? `\\x${code.toString(16).padStart(2, '0')}` : char;
}
