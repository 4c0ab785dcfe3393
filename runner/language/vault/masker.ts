/** What replaces a secret. */
export const MASK = '********';

/** Characters that are looked at in one go. */
const PART = 4;
const SLOTS = 1 << 16;

/** Known texts that begin alike, by their length and by their middle and their end. */
type Slot = Map<number, Map<number, string[]>>;

/**
 * Masks known texts. At every position of a text they are looked up by what is there, so that many of them cost little
 * more than one, also where all begin alike. What overlaps is masked as one.
 */
export class Masker {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS });
  #longest = 0;

  /** Texts of fewer than four characters are not looked for. */
  add(known: Iterable<string>): void {
    for (const text of known) {
      if (text.length < PART) continue;
      const slot = (this.#slots[slotOf(text, 0)] ??= new Map());
      const marks = slot.get(text.length) ?? new Map<number, string[]>();
      const mark = markOf(text, 0, text.length);
      const there = marks.get(mark) ?? [];
      if (!there.includes(text)) marks.set(mark, [...there, text]);
      slot.set(text.length, marks);
      this.#longest = Math.max(this.#longest, text.length);
    }
  }

  /** Characters of the longest known text. */
  get longest(): number {
    return this.#longest;
  }

  mask(text: string): string {
    if (this.#longest === 0) return text;
    let out = '';
    let end = 0;
    for (let at = 0; at + PART <= text.length; at++) {
      const slot = this.#slots[slotOf(text, at)];
      const length = slot === undefined ? 0 : longestAt(slot, text, at);
      if (length === 0) continue;
      if (at >= end) out += text.slice(end, at) + MASK;
      end = Math.max(end, at + length);
    }
    return end === 0 ? text : out + text.slice(end);
  }
}

function longestAt(slot: Slot, text: string, at: number): number {
  let longest = 0;
  for (const [length, marks] of slot) {
    if (length <= longest || at + length > text.length) continue;
    if (marks.get(markOf(text, at, length))?.some((known) => text.startsWith(known, at))) longest = length;
  }
  return longest;
}

function slotOf(text: string, at: number): number {
  const high = text.charCodeAt(at) * 31 + text.charCodeAt(at + 1);
  const low = text.charCodeAt(at + 2) * 31 + text.charCodeAt(at + 3);
  return (high * 961 + low) & (SLOTS - 1);
}

function markOf(text: string, at: number, length: number): number {
  return slotOf(text, at + ((length - PART) >> 1)) * SLOTS + slotOf(text, at + length - PART);
}
