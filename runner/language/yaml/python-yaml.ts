import { isPlainScalar, quotedScalar } from './python-scalar.ts';
import { pythonNumber } from '../values/python-text.ts';

/** How PyYAML writes a value. */
export interface YamlStyle {
  /** Columns of each level. */
  indent: number;
  /** Beyond it, text is folded at a space. */
  width: number;
  sortKeys: boolean;
  /** Lists and mappings that hold no other ones are written on one line: `{a: 1}`. */
  flowLeaves: boolean;
}

/** A value as PyYAML's `yaml.dump` writes it, with a line break at its end: Ansible's files stay the same byte for byte. */
export function pythonYaml(value: unknown, style: YamlStyle): string {
  // No `...` behind a scalar: Ansible writes by libyaml, which has left it out since 0.2.5.
  const text = isCollection(value) ? block(value, style, 0, 0) : scalar(value, style, 0, 0);
  return `${text.replace(/^[ \n]+/, '')}\n`;
}

type Collection = unknown[] | Record<string, unknown>;

function isCollection(value: unknown): value is Collection {
  return typeof value === 'object' && value !== null;
}

function entriesOf(value: Record<string, unknown>, { sortKeys }: YamlStyle): [string, unknown][] {
  const entries = Object.entries(value);
  return sortKeys ? entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : entries;
}

/** A collection below a key or a dash: its lines begin with a line break and stand at `column`. */
function block(value: Collection, style: YamlStyle, column: number, depth: number): string {
  const items = Array.isArray(value) ? value : Object.values(value);
  if (items.length === 0) return Array.isArray(value) ? ' []' : ' {}';
  if (style.flowLeaves && !items.some(isCollection)) return ` ${flow(value, style, column)}`;
  const start = `\n${' '.repeat(column)}`;
  if (Array.isArray(value)) return value.map((item) => `${start}-${afterDash(item, style, column, depth)}`).join('');
  return entriesOf(value, style)
    .map(([key, inner]) => {
      const name = scalar(key, { ...style, width: Infinity }, column, 0);
      if (!isCollection(inner))
        return `${start}${name}: ${scalar(inner, style, column + style.indent, column + name.length + 2)}`.trimEnd();
      // A list below a key is not indented.
      return `${start}${name}:${block(inner, style, Array.isArray(inner) ? column : column + style.indent, depth + 1)}`;
    })
    .join('');
}

/** What stands behind a dash: a collection begins on the same line. */
function afterDash(item: unknown, style: YamlStyle, column: number, depth: number): string {
  if (!isCollection(item)) return ` ${scalar(item, style, column + style.indent, column + 2)}`.trimEnd();
  const inner = block(item, style, column + style.indent, depth + 1);
  return inner.startsWith('\n') ? inner.slice(1 + column + 1) : inner;
}

function flow(value: Collection, style: YamlStyle, column: number): string {
  const parts = Array.isArray(value)
    ? value.map((item) => scalar(item, { ...style, width: Infinity }, 0, 0, true))
    : entriesOf(value, style).map(
        ([key, inner]) =>
          `${scalar(key, style, 0, 0, true)}: ${scalar(inner, { ...style, width: Infinity }, 0, 0, true)}`,
      );
  const lines = [''];
  for (const [i, part] of parts.entries()) {
    const last = lines.length - 1;
    if (lines[last]!.length + column + 1 > style.width) lines.push(part);
    else lines[last] += `${i > 0 ? ' ' : ''}${part}`;
    if (i < parts.length - 1) lines[lines.length - 1] += ',';
  }
  const text = lines.join(`\n${' '.repeat(column + style.indent)}`);
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** A text, number, boolean or null; `at` is the column that it begins in, `column` that of its further lines. */
function scalar(value: unknown, style: YamlStyle, column: number, at: number, inFlow = false): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return yamlNumber(value);
  const text = String(value);
  const fold = { at, column, width: style.width };
  return isPlainScalar(text, inFlow) ? folded(text, fold) : quotedScalar(text, fold);
}

function yamlNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  return Number.isFinite(value) ? pythonNumber(value) : value > 0 ? '.inf' : '-.inf';
}

/** A plain text whose line goes beyond the width is broken at the next space. */
function folded(text: string, { at, column, width }: { at: number; column: number; width: number }): string {
  let used = at;
  return text
    .split(/(?<! ) (?! )/)
    .map((word, i) => {
      const broken = i > 0 && used > width;
      used = broken ? column + word.length : used + word.length + (i > 0 ? 1 : 0);
      return i === 0 ? word : broken ? `\n${' '.repeat(column)}${word}` : ` ${word}`;
    })
    .join('');
}
