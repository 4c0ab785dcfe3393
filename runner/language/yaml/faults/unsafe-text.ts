/** What `!unsafe` tags: a string that is taken as it is, though it may look like a template. */
export class UnsafeText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Joined to other text, compared or printed it is just its text. */
  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
