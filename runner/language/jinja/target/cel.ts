import { NoTranslation } from '../problem.ts';
import type { Span } from '../problem.ts';
import type { Term } from './term.ts';

/** How a term is written in CEL. */
export interface CelStyle {
  quote: '"' | "'";
  /** What a message about the term points at. */
  at: Span;
}

const strength: Record<string, number> = {
  ...{ '?:': 1, '||': 2, '&&': 3, '==': 4, '!=': 4, '<': 4, '<=': 4, '>': 4, '>=': 4, in: 4 },
  ...{ '+': 5, '-': 5, '*': 6, '/': 6, '%': 6, '!': 7 },
};
const atomic = 8;

const reserved = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
);

/** Methods that CEL has for what templates have helpers for. */
const methods: Record<string, string> = { matches: 'matches', startsWith: 'startsWith', endsWith: 'endsWith' };

/** A term as a CEL expression. Throws NoTranslation. */
export function celOf(term: Term, style: CelStyle): string {
  return write(term, 0, style);
}

/** `least` is how strongly what is written has to bind; what binds less is put in parentheses. */
function write(term: Term, least: number, style: CelStyle): string {
  const [text, binds] = written(term, style);
  return binds < least ? `(${text})` : text;
}

function written(term: Term, style: CelStyle): [text: string, binds: number] {
  switch (term.kind) {
    case 'variable':
      return [name(term.name, style), atomic];
    case 'literal':
      return [literal(term, style), typeof term.value === 'number' && term.value < 0 ? 7 : atomic];
    case 'member':
      return [member(term.of, term.key, style), atomic];
    case 'lookup':
      return [`${write(term.of, atomic, style)}[${write(term.key, 0, style)}]`, atomic];
    case 'not':
      return [`!${write(term.of, atomic, style)}`, strength['!']!];
    case 'choice': {
      const { test, then, other } = term;
      return [`${write(test, 2, style)} ? ${write(then, 2, style)} : ${write(other, 1, style)}`, strength['?:']!];
    }
    case 'operator': {
      const binds = strength[term.operator]!;
      const chains = binds === 4 ? 5 : binds;
      return [`${write(term.left, chains, style)} ${term.operator} ${write(term.right, binds + 1, style)}`, binds];
    }
    case 'list':
      return [`[${all(term.items, style)}]`, atomic];
    case 'mapping':
      return [
        `{${term.entries.map(([key, value]) => `${write(key, 0, style)}: ${write(value, 0, style)}`).join(', ')}}`,
        atomic,
      ];
    case 'call':
      return [called(term, style), atomic];
    default:
      throw new NoTranslation('J_EXPRESSION', style.at, 'This expression has no translation in a condition.');
  }
}

function called({ name: called, args, named }: Extract<Term, { kind: 'call' }>, style: CelStyle): string {
  const [first, ...others] = args;
  const method = Object.hasOwn(methods, called) ? methods[called] : undefined;
  if (method && first?.type.kind === 'text') return `${write(first, atomic, style)}.${method}(${all(others, style)})`;
  const options = Object.entries(named).map(
    ([key, value]) => `${literal({ value: key }, style)}: ${write(value, 0, style)}`,
  );
  const last = options.length > 0 ? [`{${options.join(', ')}}`] : [];
  return `${called}(${[...args.map((arg) => write(arg, 0, style)), ...last].join(', ')})`;
}

function all(terms: Term[], style: CelStyle): string {
  return terms.map((term) => write(term, 0, style)).join(', ');
}

function member(of: Term, key: string | number, style: CelStyle): string {
  const left = write(of, atomic, style);
  const plain = typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key) && !reserved.has(key);
  return plain ? `${left}.${key}` : `${left}[${literal({ value: key }, style)}]`;
}

function name(written: string, { at }: CelStyle): string {
  if (/^[A-Za-z_]\w*$/.test(written) && !reserved.has(written)) return written;
  throw new NoTranslation('J_NAME', at, `'${written}' cannot be the name of a variable in CEL; rename it.`);
}

function literal(
  { value, float }: { value: string | number | boolean | null; float?: boolean },
  { quote }: { quote: string },
): string {
  if (typeof value === 'number' && float && Number.isInteger(value)) return value.toFixed(1);
  if (typeof value !== 'string') return String(value);
  const inner = JSON.stringify(value).slice(1, -1);
  return quote === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
