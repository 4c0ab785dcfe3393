import { pythonNumber } from './python-text.ts';

/** How Python's json writes a value. */
export interface JsonStyle {
  /** Spaces before each level; on one line without. */
  indent?: number;
  sortKeys?: boolean;
  /** Signs beyond ASCII as `\uXXXX`; Python does so unless it is asked otherwise. */
  ascii?: boolean;
  /** Between items, and between a key and its value. */
  separators?: readonly [item: string, key: string];
}

/** A value as Python's `json.dumps` writes it. */
export function pythonJson(value: unknown, style: JsonStyle = {}, level = 0): string {
  if (typeof value === 'string') return jsonText(value, style.ascii !== false);
  if (typeof value === 'number') return Number.isFinite(value) ? pythonNumber(value) : `${value}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const [, colon] = separatorsOf(style);
  if (Array.isArray(value))
    return around(
      '[]',
      value.map((item) => pythonJson(item, style, level + 1)),
      style,
      level,
    );
  const entries = Object.entries(value).map(([key, inner]) => [key, pythonJson(inner, style, level + 1)] as const);
  const sorted = style.sortKeys ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries;
  return around(
    '{}',
    sorted.map(([key, inner]) => jsonText(key, style.ascii !== false) + colon + inner),
    style,
    level,
  );
}

function separatorsOf({ separators, indent }: JsonStyle): readonly [string, string] {
  return separators ?? [indent === undefined ? ', ' : ',', ': '];
}

function around(brackets: string, parts: string[], style: JsonStyle, level: number): string {
  const [open, close] = [brackets[0]!, brackets[1]!];
  if (parts.length === 0) return brackets;
  const [comma] = separatorsOf(style);
  if (style.indent === undefined) return open + parts.join(comma) + close;
  const line = (depth: number) => `\n${' '.repeat(style.indent! * depth)}`;
  return open + line(level + 1) + parts.join(comma + line(level + 1)) + line(level) + close;
}

function jsonText(value: string, ascii: boolean): string {
  const shown = JSON.stringify(value);
  if (!ascii) return shown;
  return shown.replaceAll(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
