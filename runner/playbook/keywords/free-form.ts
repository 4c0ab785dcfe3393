/** A word of a task's one-line form, with offsets into that line. */
interface Word {
  text: string;
  start: number;
  end: number;
}

/** `key=value` in a task's one-line form; offsets of the parts, quotes around the value not counted. */
export interface Pair {
  key: string;
  value: string;
  start: number;
  valueStart: number;
  end: number;
}

/** What a line `copy: src=a dest="b c"` holds. */
export interface FreeForm {
  pairs: Pair[];
  /** The words that are no `key=value`. */
  rest: Word[];
}

/** Splits a line into `key=value` and other words; quotes and templates keep a word together. */
export function freeForm(line: string): FreeForm {
  const form: FreeForm = { pairs: [], rest: [] };
  for (const word of words(line)) {
    const pair = pairOf(word);
    if (pair) form.pairs.push(pair);
    else form.rest.push(word);
  }
  return form;
}

function pairOf({ text, start, end }: Word): Pair | undefined {
  const key = /^([A-Za-z_][\w-]*)=/.exec(text)?.[1];
  if (!key) return undefined;
  const written = text.slice(key.length + 1);
  const quoted = /^(["'])(.*)\1$/s.exec(written);
  const valueStart = start + key.length + 1 + (quoted ? 1 : 0);
  return { key, value: decoded(quoted ? (quoted[2] ?? '') : written), start, valueStart, end };
}

const named: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Escapes as Ansible reads them in `key=value`, those of Python's strings; any other backslash stays. */
function decoded(text: string): string {
  return text.replaceAll(
    /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\\'"abfnrtv]))/g,
    (all, long?: string, short?: string, byte?: string, sign?: string) => {
      if (sign !== undefined) return named[sign] ?? sign;
      const code = Number.parseInt(long ?? short ?? byte ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** Words between blanks, where quotes and `{{ }}` hide blanks. A quote that is never closed is an ordinary character. */
function words(line: string): Word[] {
  const found: Word[] = [];
  const closing = new Closings(line);
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at++;
      continue;
    }
    const start = at;
    while (at < line.length && !isBlank(line[at])) at = closing.after(at) ?? at + 1;
    found.push({ text: line.slice(start, at), start, end: at });
  }
  return found;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

/** Finds the ends of quotes and templates; remembers which of them have none, so that a line is scanned once. */
class Closings {
  private readonly line: string;
  private readonly unclosed = new Set<string>();

  constructor(line: string) {
    this.line = line;
  }

  /** The offset after the quote or template that begins at `at`; undefined where none does or it is never closed. */
  after(at: number): number | undefined {
    const opening = this.line.startsWith('{{', at) ? '{{' : this.line[at];
    if (opening === undefined || !['{{', '"', "'"].includes(opening) || this.unclosed.has(opening)) return undefined;
    const end = opening === '{{' ? this.line.indexOf('}}', at + 2) + 2 : this.quoteEnd(opening, at + 1);
    if (end > at + 1) return end;
    this.unclosed.add(opening);
    return undefined;
  }

  private quoteEnd(quote: string, from: number): number {
    for (let at = from; at < this.line.length; at++) {
      if (this.line[at] === '\\') at++;
      else if (this.line[at] === quote) return at + 1;
    }
    return 0;
  }
}
