const MASK = '********';

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
      if (clean.includes(value)) clean = clean.replaceAll(value, MASK);
      const escaped = JSON.stringify(value).slice(1, -1);
      if (escaped !== value && clean.includes(escaped)) clean = clean.replaceAll(escaped, MASK);
    }
    return clean;
  }

  /** Like `redact`, through every string of a JSON-like value; returns the value itself where nothing was known. */
  redactDeep<T>(value: T): T {
    if (this.#values.length === 0) return value;
    return JSON.parse(JSON.stringify(value ?? null), (_key, v: unknown) => (typeof v === 'string' ? this.redact(v) : v)) as T;
  }
}
