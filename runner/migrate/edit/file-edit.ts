import type { Position } from '../../diagnostics/errors.ts';
import { placeOf, positionOf, positionWithin } from '../../language/yaml/positions.ts';
import type { Place } from '../../language/yaml/place.ts';
import type { SourceText } from '../../language/yaml/source-text.ts';
import { Edits } from './edits.ts';
import { rewritten } from './scalar.ts';

type Key = string | number;

/** What the comments begin with that say why something stayed. */
export const MARK = 'xrun migrate:';

/** Why something stayed as it was. */
export interface Remark {
  code: string;
  message: string;
  at: Position;
  /** Offset of the line above which a comment about it can stand. */
  line: number;
}

/** A quote for texts in expressions: the one that YAML does not have around the whole. */
export type Quote = '"' | "'";

/** What to do with a text: its translation, or what is in the way. `start` and `end` are offsets into the text. */
export interface Translation {
  text: string;
  /** The number of expressions in it. */
  total: number;
  problems: { code: string; message: string; start: number; end: number }[];
}

/** A YAML file under migration: its changes, what stayed, and how many expressions it has. */
export class FileEdit {
  readonly source: SourceText;
  readonly edits: Edits;
  readonly remarks: Remark[] = [];
  total = 0;
  /** The line of the innermost entry in block style that was entered: no comment fits into brackets. */
  #line = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.edits = new Edits(source.text);
  }

  /** To be called before what is at `key` is looked at. */
  enter(container: object, key: Key): void {
    const place = placeOf(container, key, 'key');
    if (place && !isFlow(container)) this.#line = this.source.lineStart(place.start);
  }

  /** Translates the string at `key`; one that holds a problem stays as it is. */
  translate(container: object, key: Key, translate: (text: string, quote: Quote) => Translation): void {
    this.enter(container, key);
    const old = (container as Record<Key, unknown>)[key] as string;
    const place = placeOf(container, key);
    const isDouble = place?.source.text[place.start] === '"';
    const { text, total, problems } = translate(old, isDouble ? "'" : '"');
    this.total += total;
    for (const problem of problems)
      this.#note(container, key, problem, positionWithin(container, key, problem.start, problem.end));
    if (problems.length === 0 && text !== old) this.set(container, key, text);
  }

  /** Puts another text in the place of the scalar at `key`, of its key where `part` says so. */
  set(container: object, key: Key, value: string, part: 'key' | 'value' = 'value'): void {
    const place = placeOf(container, key, part);
    const splice = place && rewritten(place, value, isFlow(container));
    if (splice) this.edits.add(splice);
  }

  /** Puts any YAML in the place of a value that is written on one line. */
  replace(container: object, key: Key, yaml: string): void {
    const place = placeOf(container, key);
    if (place) this.edits.add({ start: place.start, end: trimmedEnd(place), text: yaml });
  }

  /**
   * Removes an entry of a mapping.
   *
   * @param holder where the mapping itself is: its last entry goes together with it
   */
  remove(container: object, key: Key, holder?: { container: object; key: Key }): void {
    if (holder && Object.keys(container).length === 1) return this.remove(holder.container, holder.key);
    const name = placeOf(container, key, 'key');
    const value = placeOf(container, key);
    if (!name || !value) return;
    if (isFlow(container)) return this.#removeInBrackets(container, key, { start: name.start, end: trimmedEnd(value) });
    const { source } = this;
    const start = source.lineStart(name.start);
    const first =
      /^\s*- /.test(source.text.slice(start, name.start)) || source.text.slice(start, name.start).trim() !== '';
    const end = Math.min(source.lineEnd(Math.max(name.start, trimmedEnd(value) - 1)) + 1, source.text.length);
    if (first) this.#removeFirst(name.start, end);
    else this.edits.add({ start, end, text: '' });
  }

  /** Adds an entry of one line before the entry at `key`, in the same mapping. */
  insertBefore(container: object, key: Key, line: string): void {
    const place = placeOf(container, key, 'key');
    if (!place) return;
    const indent = ' '.repeat(place.start - this.source.lineStart(place.start));
    const text = isFlow(container) ? `${line}, ` : `${line}\n${indent}`;
    this.edits.add({ start: place.start, end: place.start, text });
  }

  /** Notes that something stays as it is. */
  remark(container: object, key: Key, code: string, message: string): void {
    this.enter(container, key);
    this.#note(container, key, { code, message }, positionOf(container, key, 'key'));
  }

  /** The text after migration, with a comment above each entry in which something stayed. */
  result(): string {
    for (const line of new Set(this.remarks.map((remark) => remark.line))) this.#comment(line);
    return this.edits.apply();
  }

  #comment(line: number): void {
    const { text } = this.source;
    const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
    const remarks = this.remarks.filter((remark) => remark.line === line);
    const messages = new Set(remarks.map(({ code, message }) => `${indent}# ${MARK} ${code} ${message}\n`));
    const missing = [...messages].filter((comment) => !text.slice(0, line).includes(comment));
    if (missing.length > 0) this.edits.add({ start: line, end: line, text: missing.join('') });
  }

  #note(container: object, key: Key, { code, message }: { code: string; message: string }, at?: Position): void {
    const place = at ?? positionOf(container, key) ?? this.source.pos(0);
    this.remarks.push({ code, message, at: place, line: this.#line });
  }

  /** An entry goes with the comma behind it, the last one with the comma before it. */
  #removeInBrackets(container: object, key: Key, { start, end }: { start: number; end: number }): void {
    const keys = Object.keys(container);
    const index = keys.indexOf(String(key));
    const next = placeOf(container, keys[index + 1] ?? '', 'key');
    const before = placeOf(container, keys[index - 1] ?? '');
    if (next && next.start > end) this.edits.add({ start, end: next.start, text: '' });
    else this.edits.add({ start: before ? trimmedEnd(before) : start, end, text: '' });
  }

  /** The entry is the first of a list's item: the next one moves up behind the dash. */
  #removeFirst(start: number, end: number): void {
    const next = /^[ \t]*/.exec(this.source.text.slice(end))?.[0].length ?? 0;
    this.edits.add({ start, end: end + next, text: '' });
  }
}

/** Whether a list or mapping is written in brackets, or lies in one that is. */
function isFlow(container: object): boolean {
  const place = placeOf(container);
  return place !== undefined && /[[{]/.test(place.source.text[place.start] ?? '');
}

/** The end of a value without the blanks, line breaks and comments that YAML's events count to a list or mapping. */
function trimmedEnd({ source, start, end, scalar }: Place): number {
  if (scalar) return end;
  return start + source.text.slice(start, end).replace(/(\s*(#.*)?)*$/, '').length;
}
