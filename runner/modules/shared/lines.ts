import { Pattern, patternProblem } from '../../language/regex/pattern.ts';

/**
 * A text by its lines, each of which keeps the ending it has: LF, CRLF, or none at the end of the text. New lines get the ending
 * that most have; a byte order mark stays in front of all.
 */
export class TextLines {
  /** Without their endings; changed by {@link splice} only. */
  readonly lines: string[];
  readonly #ends: string[];
  readonly #mark: string;
  readonly #ending: string;

  constructor(text: string) {
    this.#mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const whole = text.slice(this.#mark.length).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    this.#ends = whole.map((line) => /\r?\n$/.exec(line)?.[0] ?? '');
    this.lines = whole.map((line, i) => line.slice(0, line.length - (this.#ends[i] as string).length));
    this.#ending = this.#ends.filter((end) => end === '\r\n').length * 2 > whole.length ? '\r\n' : '\n';
  }

  /** Puts lines in the place of `count` others; those that take another's place take its ending too. */
  splice(at: number, count: number, added: readonly string[] = []): void {
    const old = this.#ends.slice(at, at + count);
    replace(this.lines, at, count, added);
    replace(
      this.#ends,
      at,
      count,
      added.map((_, i) => old[i] ?? this.#ending),
    );
  }

  /** Takes all such lines out, in one go however many they are. */
  drop(gone: (line: string, index: number) => boolean): void {
    let kept = 0;
    for (const [i, line] of this.lines.entries()) {
      if (gone(line, i)) continue;
      this.lines[kept] = line;
      this.#ends[kept++] = this.#ends[i] as string;
    }
    this.lines.length = this.#ends.length = kept;
  }

  /** The text again. */
  toString(): string {
    const last = this.lines.length - 1;
    return (
      this.#mark +
      this.lines.map((line, i) => line + (i < last ? this.#ends[i] || this.#ending : this.#ends[i])).join('')
    );
  }
}

/** A text's lines, each without its line ending, and what is needed to put them together again. */
export interface Lines {
  lines: string[];
  ending: string;
}

/** Splits a text; a last line without an ending gets one when it is joined, as an editor would do. */
export function splitLines(text: string): Lines {
  const ending = /\r\n/.test(text) ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return { lines, ending };
}

/** The text again. */
export function joinLines({ lines, ending }: Lines): string {
  return lines.length === 0 ? '' : lines.join(ending) + ending;
}

/** Where something new goes: after or before a line that matches, or at an end of the file. */
export interface Place {
  insertafter?: string | undefined;
  insertbefore?: string | undefined;
  firstmatch?: boolean | undefined;
}

/** The index at which to insert; where nothing matches, the end. */
export function insertionIndex(lines: string[], { insertafter, insertbefore, firstmatch = false }: Place): number {
  if (insertbefore === 'BOF' || insertafter === 'BOF') return 0;
  const wanted = insertafter ?? insertbefore;
  if (wanted === undefined || wanted === 'EOF') return lines.length;
  const pattern = new Pattern(wanted);
  const found = firstmatch
    ? lines.findIndex((line) => pattern.test(line))
    : lines.findLastIndex((line) => pattern.test(line));
  if (found < 0) return lines.length;
  return insertafter === undefined ? found : found + 1;
}

/** What is wrong with a regular expression that selects a line; undefined where it can be used, or is a word for a place. */
export function placeProblem(text: string | undefined): string | undefined {
  return text === undefined || text === 'EOF' || text === 'BOF' ? undefined : patternProblem(text);
}

/** More arguments than this a call may not take. */
const ARGUMENTS = 10_000;

function replace(list: string[], at: number, count: number, added: readonly string[]): void {
  if (added.length < ARGUMENTS) return void list.splice(at, count, ...added);
  const behind = list.splice(at).slice(count);
  for (const part of [added, behind]) for (const one of part) list.push(one);
}
