import { NoTranslation } from '../problem.ts';
import type { Span } from '../problem.ts';
import type { Term, TermOperator } from './term.ts';

/** How a term is written in Handlebars, at one place of a template. */
export interface HandlebarsStyle {
  quote: '"' | "'";
  /** Inside of `#each` a variable is `@root.name`. */
  inLoop: boolean;
  /** What a message about the term points at. */
  at: Span;
}

const helpers: Record<TermOperator, string> = {
  '&&': 'and',
  '||': 'or',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  in: 'contains',
  '+': 'plus',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
};

/** A term as what stands between `{{` and `}}`. Throws NoTranslation. */
export function handlebarsOf(term: Term, style: HandlebarsStyle): string {
  const written = argument(term, style);
  return written.startsWith('(') ? written.slice(1, -1) : written;
}

/** The name of the helper that does what an operator does. */
export function helperOfOperator(sign: TermOperator): string {
  return helpers[sign];
}

/** A term as an argument of a helper: calls are in parentheses. */
export function argument(term: Term, style: HandlebarsStyle): string {
  switch (term.kind) {
    case 'variable':
      return (style.inLoop ? '@root.' : '') + segment(term.name, style);
    case 'local':
      return term.path;
    case 'literal':
      return literal(term, style);
    case 'member':
      return member(term.of, term.key, style);
    case 'hole':
      throw new NoTranslation(
        'J_EXPRESSION',
        style.at,
        'An expression over the items of a list has no translation here.',
      );
    default:
      return `(${words(term, style).join(' ')})`;
  }
}

type Call = Exclude<Term, { kind: 'variable' | 'local' | 'literal' | 'member' | 'hole' }>;

function words(term: Call, style: HandlebarsStyle): string[] {
  const write = (inner: Term): string => argument(inner, style);
  switch (term.kind) {
    case 'lookup':
      return ['lookup', write(term.of), write(term.key)];
    case 'not':
      return ['not', write(term.of)];
    case 'choice':
      return ['ternary', write(term.test), write(term.then), write(term.other)];
    case 'list':
      return ['list', ...term.items.map(write)];
    case 'mapping':
      return ['dict', ...term.entries.flat().map(write)];
    case 'operator':
      return operation(term.operator, term.left, term.right).map((word) =>
        typeof word === 'string' ? word : write(word),
      );
    case 'call':
      return [
        term.name,
        ...term.args.map(write),
        ...Object.entries(term.named).map(([name, value]) => `${name}=${write(value)}`),
      ];
  }
}

/** `a && b && c` is one call; of `in` the container comes first. */
function operation(sign: TermOperator, left: Term, right: Term): (string | Term)[] {
  if (sign === 'in') return [helpers.in, right, left];
  const same = (sign === '&&' || sign === '||' || sign === '+') && left.kind === 'operator' && left.operator === sign;
  return same ? [...operation(sign, left.left, left.right), right] : [helpers[sign], left, right];
}

function literal(
  { value, float }: { value: string | number | boolean | null; float?: boolean },
  style: HandlebarsStyle,
): string {
  if (typeof value === 'number' && float && Number.isInteger(value)) return value.toFixed(1);
  if (typeof value !== 'string') return String(value);
  const { quote } = style;
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}

/** `a.b`; of what a helper gives `(lookup (helper) "b")`. */
function member(of: Term, key: string | number, style: HandlebarsStyle): string {
  const path = argument(of, style);
  if (path.startsWith('(')) return `(lookup ${path} ${literal({ value: key }, style)})`;
  return `${path}.${segment(String(key), style)}`;
}

/** A name of a path; in brackets where it would end the path. */
function segment(name: string, { at }: HandlebarsStyle): string {
  if (/^(?!(?:true|false|null|undefined|this|else|as)$)[A-Za-z_][\w-]*$/.test(name)) return name;
  if (!/[\]]/.test(name)) return `[${name}]`;
  throw new NoTranslation('J_NAME', at, `'${name}' cannot be a name in Handlebars.`);
}
