import { parseAddress } from '../../language/values/network.ts';

/** One part of a host pattern: a name with its sign, and its position in the pattern. */
export interface Part {
  /** Empty for "and these too", `&` for "only those that are here too", `!` for "without these". */
  sign: '' | '&' | '!';
  name: string;
  start: number;
  end: number;
}

/** `web[2]`, `web[-1]`, `web[1:3]`, `web[1:]`: the hosts of a group by their index; `to` is part of the range. */
export interface Subscript {
  name: string;
  from: number;
  /** Undefined for "to the end". */
  to: number | undefined;
}

/** Splits at commas and colons, but not inside of brackets or addresses. */
export function splitPattern(pattern: string): Part[] {
  const parts: Part[] = [];
  for (const comma of pieces(pattern, ',', 0)) {
    const plain = comma.text.trim().replace(/^[!&]/, '');
    const whole = parseAddress(plain)?.bits === 128;
    for (const piece of whole ? [comma] : pieces(comma.text, ':', comma.start)) {
      const part = partOf(piece);
      if (part) parts.push(part);
    }
  }
  return parts;
}

/** The subscript at the end of a name, where it has one. */
export function subscriptOf(name: string): Subscript | undefined {
  if (name.startsWith('~')) return undefined;
  const [, base, single, from, separator, to] = /^(.+?)\[(?:(-?\d+)|(\d*)([:-])(-?\d*))\]$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  if (single !== undefined) return { name: base, from: Number(single), to: Number(single) };
  if (separator === '-' && (from === '' || to === '')) return undefined;
  return { name: base, from: Number(from), to: to === '' ? undefined : Number(to) };
}

interface Piece {
  text: string;
  start: number;
}

function pieces(text: string, separator: string, offset: number): Piece[] {
  const found: Piece[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '[') depth++;
    if (text[i] === ']') depth--;
    if (i < text.length && (text[i] !== separator || depth > 0)) continue;
    found.push({ text: text.slice(from, i), start: offset + from });
    from = i + 1;
  }
  return found;
}

function partOf({ text, start }: Piece): Part | undefined {
  const [, before = '', sign = '', name = ''] = /^(\s*)([!&]?)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === '') return undefined;
  const from = start + before.length;
  return { sign: sign as Part['sign'], name, start: from, end: start + text.trimEnd().length };
}
