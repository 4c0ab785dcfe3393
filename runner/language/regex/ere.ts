import type { Item, Node } from './nodes.ts';
import { parsePattern } from './parse.ts';
import { PatternError } from './reader.ts';

/** POSIX's names for Python's kinds, as far as they are ASCII. */
const KINDS: Record<string, string> = { d: '0-9', w: '[:alnum:]_', s: '[:space:]' };

/**
 * A pattern in Python's dialect as options and an extended regular expression of `grep -E`, which looks at lines: for files
 * that are too long to be fetched; `before` may be `^`, for the beginning of a line. Throws a {@link PatternError} for what POSIX (XBD 9.4) has no word for.
 */
export function toEre(source: string, before: '^' | '' = ''): string[] {
  const { body, ignoreCase } = parsePattern(source, { m: true });
  return [...(ignoreCase ? ['-i'] : []), '-e', before ? `${before}(${alternatives(body)})` : alternatives(body)];
}

/** What is wrong with a pattern that grep is to look for; undefined where it can. */
export function ereProblem(source: string): string | undefined {
  try {
    toEre(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return `'${source}' cannot be looked for on the host: ${error.message}`;
  }
}

function alternatives(all: readonly Node[][]): string {
  return all.map((nodes) => nodes.map(one).join('') || '()').join('|');
}

function one(node: Node): string {
  switch (node.kind) {
    case 'char':
      if (node.char === '\n') throw new PatternError('lines are looked at one by one, so a line break matches nothing');
      return /[\\^$.*+?()[\]{}|]/.test(node.char) ? `\\${node.char}` : node.char;
    case 'any':
      return '.';
    case 'edge':
      if (node.at === 'line start') return '^';
      if (node.at === 'line end') return '$';
      if (node.at === 'word') return '\\b';
      throw new PatternError('lines are looked at one by one: write ^ and $');
    case 'class':
      return set(node.items, node.not);
    case 'group':
      if (node.ignoreCase !== undefined) throw new PatternError('flags for a part of a pattern are not supported');
      return `(${alternatives(node.body)})`;
    case 'repeat': {
      const { min, max, body } = node;
      // Whether something matches does not depend on how much of it does.
      return `${one(body)}${max === Infinity ? (min < 2 ? '*+'[min] : `{${min},}`) : min === 0 && max === 1 ? '?' : `{${min},${max}}`}`;
    }
    default:
      throw new PatternError('lookaround and references to groups are not supported');
  }
}

/** In a bracket expression `]` comes first, `-` last and `^` not first; a backslash is one. */
function set(items: readonly Item[], not: boolean): string {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'kind' && /[DWS]/.test(only.letter))
    return `[${not ? '' : '^'}${KINDS[only.letter.toLowerCase()]}]`;
  const signs = new Set<string>();
  const parts = items.map((item) => {
    if (item.kind === 'char' && /[\]^-]/.test(item.char)) signs.add(item.char);
    else return member(item);
    return '';
  });
  if (signs.size === 1 && signs.has('^') && parts.join('') === '' && !not) return '\\^';
  return `[${not ? '^' : ''}${signs.has(']') ? ']' : ''}${parts.join('')}${signs.has('^') ? '^' : ''}${signs.has('-') ? '-' : ''}]`;
}

function member(item: Item): string {
  if (item.kind === 'char' && item.char < '\x7f' && item.char !== '\n') return item.char === '[' ? '[.[.]' : item.char;
  if (item.kind === 'range' && /^\w$/.test(item.from) && /^\w$/.test(item.to)) return `${item.from}-${item.to}`;
  const kind = item.kind === 'kind' ? KINDS[item.letter] : undefined;
  if (kind === undefined) throw new PatternError('this set is not supported');
  return kind;
}
