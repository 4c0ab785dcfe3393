import { CHOMPING_MODE, SCALAR_STYLE } from 'js-yaml';
import type { ScalarEvent } from 'js-yaml';
import { loadYaml } from '../../language/yaml/load.ts';
import type { Place } from '../../language/yaml/place.ts';
import type { Splice } from './edits.ts';

/**
 * Writes another text in the place of a scalar, in the style that the scalar has as far as that can hold the text.
 *
 * @param place of the scalar, as `placeOf` returns it
 * @param value the new text
 * @param flow whether the scalar is inside of `[...]` or `{...}`
 * @returns undefined where the place is not that of a scalar: an alias
 */
export function rewritten(place: Place, value: string, flow: boolean): Splice | undefined {
  const { scalar, start, end } = place;
  const { text } = place.source;
  if (!scalar || scalar.valueStart < 0) return undefined;
  if (isBlock(scalar)) return block(text, scalar, value);
  const quoted = scalar.style === SCALAR_STYLE.PLAIN ? undefined : text[start];
  return { start, end, text: inLine(value, flow, quoted) };
}

/** A text as a scalar of one line: plain where YAML reads it back the same, or else quoted. */
export function inLine(value: string, flow: boolean, quote?: string): string {
  if (quote === "'" && !/[\n\r\t]/.test(value)) return single(value);
  if (quote === '"') return double(value);
  if (isPlain(value, flow)) return value;
  if (/[\n\r\t]/.test(value)) return double(value);
  return /["\\]/.test(value) && !value.includes("'") ? single(value) : double(value);
}

function isBlock({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
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
function block(text: string, scalar: ScalarEvent, value: string): Splice {
  const written = text.slice(scalar.valueStart, scalar.valueEnd);
  const trailing = /(\r?\n[ \t]*)*$/.exec(written)?.[0] ?? '';
  const body = value.replace(/\n+$/, '');
  const lines = scalar.style === SCALAR_STYLE.LITERAL_BLOCK ? body.split('\n') : unfolded(body);
  if (!lines || /^\s/.test(body)) return requoted(text, scalar, value);
  const indent = ' '.repeat(Math.max(scalar.indent, 1));
  const indented = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  return { start: scalar.valueStart, end: scalar.valueEnd, text: indented + trailing };
}

/** The lines that YAML folds into this text, or undefined where it would fold none of them. */
function unfolded(body: string): string[] | undefined {
  const lines = body.split('\n');
  if (lines.some((line) => /^\s/.test(line))) return undefined;
  return lines.flatMap((line, index) => (index > 0 ? ['', line] : [line])).filter((line, i, all) => line !== '' || all[i - 1] !== '' || i === 0);
}

/** The block with its header, in double quotes. */
function requoted(text: string, scalar: ScalarEvent, value: string): Splice {
  const header = /[|>][-+0-9]*[ \t]*(#.*)?\r?\n$/.exec(text.slice(0, scalar.valueStart));
  const start = header?.index ?? scalar.valueStart;
  const trailing = /(\r?\n[ \t]*)+$/.exec(text.slice(scalar.valueStart, scalar.valueEnd))?.[0] ?? '';
  const kept = scalar.chomping === CHOMPING_MODE.STRIP ? value.replace(/\n+$/, '') : value;
  return { start, end: scalar.valueEnd, text: double(kept) + trailing };
}
