import { NoTranslation } from '../problem.ts';
import type { Span } from '../problem.ts';

/** A part of a template: what stands in it as it is, an `{{ expression }}`, a `{% statement %}` or a comment. */
export interface Piece extends Span {
  kind: 'data' | 'output' | 'statement' | 'comment';
  /** Of data what is printed; of the others what is between the signs. */
  text: string;
  /** Where the text between the signs begins in the source. */
  inside: number;
  /** Whether the line break behind the tag belongs to it. */
  broken: boolean;
}

/** How Jinja treats the white space around tags. */
export interface WhiteSpace {
  /** A line break right behind a statement or a comment belongs to it. */
  trimBlocks: boolean;
  /** White space before a statement or a comment that begins a line belongs to it. */
  lstripBlocks: boolean;
}

/** What Ansible renders templates with. */
export const ansibleWhiteSpace: WhiteSpace = { trimBlocks: true, lstripBlocks: false };

const kinds = { '{{': 'output', '{%': 'statement', '{#': 'comment' } as const;
const closings = { output: '}}', statement: '%}', comment: '#}' } as const;

/** Cuts a template at its tags. Throws NoTranslation for a tag without an end. */
export function piecesOf(text: string, space: WhiteSpace): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let open = nextTag(text, from); open >= 0; open = nextTag(text, from)) {
    const tag = text.slice(open).startsWith('{%')
      ? (rawPiece(text, open, space) ?? tagPiece(text, open, space))
      : tagPiece(text, open, space);
    pushData(pieces, text, from, dataEnd(text, from, open, tag.kind, space));
    if (tag.kind !== 'data' || tag.text !== '') pieces.push(tag);
    from = tag.end;
  }
  pushData(pieces, text, from, text.length);
  return pieces;
}

function nextTag(text: string, from: number): number {
  const found = text.slice(from).search(/\{[{%#]/);
  return found < 0 ? -1 : from + found;
}

function pushData(pieces: Piece[], text: string, start: number, end: number): void {
  if (start < end)
    pieces.push({ kind: 'data', text: text.slice(start, end), inside: start, start, end, broken: false });
}

/** Where the data before a tag ends, by the tag's sign and by what belongs to a statement. */
function dataEnd(text: string, from: number, open: number, kind: Piece['kind'], { lstripBlocks }: WhiteSpace): number {
  const data = text.slice(from, open);
  if (text[open + 2] === '-') return from + data.trimEnd().length;
  if (!lstripBlocks || kind === 'output' || text[open + 2] === '+') return open;
  const indent = /(?:^|\n)([ \t]*)$/.exec(data);
  const begins = indent && (data.includes('\n') || from === 0 || text[from - 1] === '\n');
  return begins ? open - (indent[1]?.length ?? 0) : open;
}

function tagPiece(text: string, open: number, { trimBlocks }: WhiteSpace): Piece {
  const kind = kinds[text.slice(open, open + 2) as keyof typeof kinds];
  const inside = open + (/[-+]/.test(text[open + 2] ?? '') ? 3 : 2);
  const close = closing(text, inside, kind);
  if (close < 0) {
    const message = `'${text.slice(open, open + 2)}' has no '${closings[kind]}'.`;
    throw new NoTranslation('J_SYNTAX', { start: open, end: open + 2 }, message);
  }
  const sign = /[-+]/.test(text[close - 1] ?? '') && close - 1 >= inside ? text[close - 1] : '';
  const stop = close + 2;
  const trims = trimBlocks && kind !== 'output' && sign !== '+';
  const space = sign === '-' ? /^\s*/ : trims ? /^\n?/ : /^/;
  const after = space.exec(text.slice(stop))![0];
  const end = stop + after.length;
  return {
    kind,
    text: text.slice(inside, close - (sign ? 1 : 0)),
    inside,
    start: open,
    end,
    broken: after.includes('\n'),
  };
}

/** The sign that closes a tag; not one inside of a text, or of the braces of a mapping. */
function closing(text: string, inside: number, kind: keyof typeof closings): number {
  if (kind === 'comment') return text.indexOf('#}', inside);
  const wanted = closings[kind];
  const parts = /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|[{[(]|[-+]?[%}]\}|[}\])]/g;
  parts.lastIndex = inside;
  let depth = 0;
  for (let part = parts.exec(text); part; part = parts.exec(text)) {
    const [found] = part;
    if (/^[{[(]/.test(found)) depth++;
    else if (depth === 0 && found.endsWith(wanted)) return part.index + found.length - 2;
    else if (/^[}\])]/.test(found)) {
      depth--;
      parts.lastIndex = part.index + 1;
    }
  }
  return -1;
}

/** `{% raw %}...{% endraw %}` as data. */
function rawPiece(text: string, open: number, { trimBlocks }: WhiteSpace): Piece | undefined {
  const begin = /^\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/.exec(text.slice(open))?.[0];
  if (begin === undefined) return undefined;
  const inside = open + begin.length;
  const tail = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}(\n?))/.exec(text.slice(inside));
  if (!tail) throw new NoTranslation('J_SYNTAX', { start: open, end: inside }, "'raw' has no 'endraw'.");
  const written = text.slice(inside, inside + tail.index);
  const kept = !trimBlocks && tail[2] ? tail[2].length : 0;
  const end = inside + tail.index + tail[0].length - kept;
  return { kind: 'data', text: tail[1] === '-' ? written.trimEnd() : written, inside, start: open, end, broken: false };
}
