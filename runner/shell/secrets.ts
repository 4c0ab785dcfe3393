const MASK = '********';

/** How a secret may look in a text: as it is, and as JSON escapes it. */
function spellings(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return escaped === value ? [value] : [value, escaped];
}

/**
 * The secrets of a run: whatever came out of a vault, a prompt or a module that returns one is added here, and every
 * text on its way out passes through `redact`.
 */
export class Secrets {
  #values: string[] = [];

  /** Values shorter than 4 characters are not added: masking them would blacken harmless text. */
  add(value: string): void {
    if (value.length < 4 || this.#values.includes(value)) return;
    this.#values.push(value);
    // Longest first, so that a secret which contains another one is masked whole.
    this.#values.sort((a, b) => b.length - a.length);
  }

  /** The text with every known secret masked, also where JSON or a line break has escaped or split it off. */
  redact(text: string): string {
    let clean = text;
    for (const value of this.#values) {
      for (const spelling of spellings(value)) if (clean.includes(spelling)) clean = clean.replaceAll(spelling, MASK);
    }
    return clean;
  }

  /**
   * The same for bytes that come in pieces: gives what may go out, and keeps back what may be the beginning of a
   * secret; called without a piece it gives the rest. Bytes that are no secret stay as they are, text or not.
   */
  redactor(): (piece?: Buffer) => Buffer {
    const known = this.#values.flatMap(spellings).map((text) => Buffer.from(text).toString('latin1'));
    const hold = Math.max(0, ...known.map((text) => text.length - 1));
    let carry = '';
    return (piece) => {
      let text = carry + (piece?.toString('latin1') ?? '');
      for (const one of known) if (text.includes(one)) text = text.replaceAll(one, MASK);
      const cut = piece ? Math.max(0, text.length - hold) : text.length;
      carry = text.slice(cut);
      return Buffer.from(text.slice(0, cut), 'latin1');
    };
  }

  /** Like `redact`, through every string of a JSON-like value; returns the value itself where nothing was known. */
  redactDeep<T>(value: T): T {
    if (this.#values.length === 0) return value;
    return JSON.parse(JSON.stringify(value ?? null), (_key, v: unknown) => (typeof v === 'string' ? this.redact(v) : v)) as T;
  }
}
