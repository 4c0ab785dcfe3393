import { clean } from '../../diagnostics/clean.ts';
import { MASK, Masker } from './masker.ts';
import { SHORTEST, spellings } from './spellings.ts';

/** Bytes or characters that are kept back at most while a stream's next piece is waited for. */
const MOST_KEPT = 16 * 1024;

/**
 * The secrets of a run: whatever came out of a vault, a prompt or a module that returns one is added here, and every
 * text on its way out passes through `redact`.
 */
export class Secrets {
  readonly #added = new Set<string>();
  readonly #short = new Set<string>();
  readonly #text = new Masker();
  readonly #bytes = new Masker();

  /**
   * Values of fewer than 4 characters are masked only where they are all of a text: anything else would blacken harmless
   * text.
   *
   * @param leastLine lines of the value that are at least so long are secrets too
   */
  add(value: string, leastLine: number = SHORTEST): void {
    if (value.trim() === '' || this.#added.has(value)) return;
    this.#added.add(value);
    if (value.trim().length < SHORTEST) this.#short.add(value.trim());
    const known = spellings(value, leastLine);
    this.#text.add(known);
    this.#bytes.add([...known].map((text) => Buffer.from(text).toString('latin1')));
  }

  /** Whether there are secrets that are masked only where they are all of a text. */
  get anyShort(): boolean {
    return this.#short.size > 0;
  }

  /** Whether there is nothing to mask. */
  get none(): boolean {
    return this.#added.size === 0;
  }

  /** Characters that the end of a piece of text must be kept back, because a secret may begin there. */
  get reach(): number {
    return Math.min(MOST_KEPT, Math.max(0, this.#text.longest - 1));
  }

  /** The text with every known secret masked, also where it is encoded or control characters split it. */
  redact(text: string): string {
    if (this.#short.has(text.trim())) return MASK;
    return maskedBy(this.#text, text);
  }

  /**
   * The same for bytes that come in pieces: gives what may go out, and keeps back what may be the beginning of a
   * secret; called without a piece it gives the rest. Bytes that are not a secret stay as they are, text or not.
   */
  redactor(): (piece?: Buffer) => Buffer {
    let carry = '';
    return (piece) => {
      const text = maskedBy(this.#bytes, carry + (piece?.toString('latin1') ?? ''));
      const kept = Math.min(MOST_KEPT, Math.max(0, this.#bytes.longest - 1));
      const cut = piece ? Math.max(0, text.length - kept) : text.length;
      carry = text.slice(cut);
      return Buffer.from(text.slice(0, cut), 'latin1');
    };
  }

  /** Like `redact`, through every text, number and key of a JSON-like value. */
  redactDeep<T>(value: T): T {
    return (this.none ? value : this.#deep(value)) as T;
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value === 'number') return this.#text.mask(String(value)) === String(value) ? value : MASK;
    if (Array.isArray(value)) return value.map((each) => this.#deep(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [maskedBy(this.#text, key), this.#deep(each)]),
    );
  }
}

/** Where control characters hide a secret from us that a terminal would show, the text goes without them. */
function maskedBy(masker: Masker, text: string): string {
  const masked = masker.mask(text);
  const shown = clean(masked);
  if (shown === masked) return masked;
  const again = masker.mask(shown);
  return again === shown ? masked : again;
}
