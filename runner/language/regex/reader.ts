/** A regular expression that cannot be used; `at` is the index of the character at which reading it failed, if one is to blame. */
export class PatternError extends Error {
  readonly at: number | undefined;
  constructor(message: string, at?: number) {
    super(message);
    this.at = at;
  }
}

/** A text that is read from its beginning to its end. */
export class PatternReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The character at so many places further on; empty behind the end. */
  peek(offset = 0): string {
    return this.text[this.at + offset] ?? '';
  }

  sees(sign: string): boolean {
    return this.text.startsWith(sign, this.at);
  }

  take(sign: string): boolean {
    const found = this.sees(sign);
    if (found) this.at += sign.length;
    return found;
  }

  /** The next character, whole where it takes two units of UTF-16. */
  next(): string {
    const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
    this.at += char.length;
    return char;
  }

  /** What a sticky pattern matches here, which is then read. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  error(message: string): PatternError {
    return new PatternError(message, this.at);
  }
}
