import { loadYaml } from '../../language/yaml/load.ts';
import type { Place } from '../../language/yaml/place.ts';
import { writtenAt } from '../../language/yaml/written.ts';
import type { WrittenScalar } from '../../language/yaml/written.ts';
import type { Splice } from './edits.ts';
import { brokenLike } from './folded.ts';

/**
 * Writes another text in the place of a scalar, in the style that the scalar has as far as that can hold the text.
 *
 * @param place of the scalar, as `placeOf` returns it
 * @param value the new text
 * @param flow whether the scalar is inside of `[...]` or `{...}`
 * @returns undefined where the place is not that of a scalar: an alias
 */
export function rewritten(place: Place, value: string, flow: boolean): Splice | undefined {
  const { start, end } = place;
  const { text } = place.source;
  const written = writtenAt(place);
  if (!written) return undefined;
  if (written.style === 'literal' || written.style === 'folded') return block(text, written, value);
  return { start, end, text: inLine(value, flow, written.style === 'quoted' ? text[start] : undefined) };
}

/** A text as a scalar of one line: plain where YAML reads it back the same, or else quoted. */
export function inLine(value: string, flow: boolean, quote?: string): string {
  if (quote === "'" && !/[\n\r\t]/.test(value)) return single(value);
  if (quote === '"') return double(value);
  if (isPlain(value, flow)) return value;
  if (/[\n\r\t]/.test(value)) return double(value);
  return /["\\]/.test(value) && !value.includes("'") ? single(value) : double(value);
}

function single(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function double(value: string): string {
  const escaped = value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `"${escaped.replaceAll('\t', String.raw`\t`).replaceAll('\r', String.raw`\r`)}"`;
}

function isPlain(value: string, flow: boolean): boolean {
  if (!/^[\w(./~+-]/.test(value) || /[\n\r\t]|: |:$| #|\s$|^[-?]\s|^---/.test(value)) return false;
  if (flow && /[,[\]{}]/.test(value)) return false;
  try {
    return loadYaml(value, '').value === value;
  } catch {
    return false;
  }
}

/** A block keeps its header, its indentation, and the lines that are as they were. */
function block(text: string, scalar: WrittenScalar, value: string): Splice {
  const { start, end, indent, style } = scalar;
  const trailing = /(\r?\n[ \t]*)*$/.exec(text.slice(start, end))?.[0] ?? '';
  const body = value.replace(/\n+$/, '');
  const lines = style === 'literal' ? body.split('\n') : unfolded(body, text.slice(start, end).split(/\r?\n/));
  if (!lines || /^\s/.test(body)) return requoted(text, scalar, value);
  const indented = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
  return { start, end, text: indented + trailing };
}

/** The lines that YAML folds into this text, or undefined where it would fold none of them. */
function unfolded(body: string, old: readonly string[]): string[] | undefined {
  const paragraphs = body.split('\n');
  if (paragraphs.some((line) => /^\s/.test(line))) return undefined;
  const separated = paragraphs.flatMap((line, index) => (index > 0 && line !== '' ? ['', line] : [line]));
  return brokenLike(old, separated);
}

/** The block with its header, in double quotes. */
function requoted(text: string, { start: lines, end, strips }: WrittenScalar, value: string): Splice {
  const header = /[|>][-+0-9]*[ \t]*(#.*)?\r?\n$/.exec(text.slice(0, lines));
  const trailing = /(\r?\n[ \t]*)+$/.exec(text.slice(lines, end))?.[0] ?? '';
  const kept = strips ? value.replace(/\n+$/, '') : value;
  return { start: header?.index ?? lines, end, text: double(kept) + trailing };
}
