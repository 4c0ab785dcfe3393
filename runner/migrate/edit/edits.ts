/** A part of a text, from `start` to `end` (exclusive), and what comes in its place. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Changes of one file's text. Everything between them stays byte for byte. */
export class Edits {
  readonly #text: string;
  readonly #splices = new Map<string, Splice>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Notes a change. The same part is changed once: a value that YAML uses twice, by an alias, has one place. */
  add(splice: Splice): void {
    this.#splices.set(`${splice.start} ${splice.end}`, splice);
  }

  /** The text with all changes; one inside of another is left out. Line breaks are those of the file. */
  apply(): string {
    const crlf = this.#text.includes('\r\n');
    let result = '';
    let at = 0;
    for (const { start, end, text } of this.#sorted()) {
      if (start < at) continue;
      result += this.#text.slice(at, start) + (crlf ? text.replaceAll(/\r?\n/g, '\r\n') : text);
      at = end;
    }
    return result + this.#text.slice(at);
  }

  /** By their beginning: what is only put in comes first, and then what replaces most. */
  #sorted(): Splice[] {
    const length = ({ start, end }: Splice): number => (end === start ? Infinity : end - start);
    return [...this.#splices.values()].sort((a, b) => a.start - b.start || length(b) - length(a));
  }
}
