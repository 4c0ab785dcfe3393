import { clean } from '../../diagnostics/clean.ts';

/** Characters of a line that are waited for; what is longer comes in pieces. */
const LONGEST = 64 * 1024;

/** Cuts streamed text into whole lines, cleaned, for each key apart; chunks end anywhere. */
export class LineBuffer {
  #rest = new Map<string, { pieces: string[]; size: number }>();

  /** The lines that `text` completes, without their line ends. */
  add(key: string, text: string): string[] {
    const rest = this.#rest.get(key) ?? { pieces: [], size: 0 };
    rest.pieces.push(text);
    rest.size += text.length;
    this.#rest.set(key, rest);
    if (!text.includes('\n') && rest.size <= LONGEST) {
      if (text.includes('\r')) this.#keepLast(key, rest.pieces);
      return [];
    }
    const lines = rest.pieces.join('').split('\n');
    // What a progress bar has overwritten needs no room.
    const open = lines.pop() ?? '';
    const last = open.length > LONGEST ? open.slice(open.lastIndexOf('\r', open.length - 2) + 1) : open;
    const left = last.length > LONGEST ? '' : last;
    if (left) this.#rest.set(key, { pieces: [left], size: left.length });
    else this.#rest.delete(key);
    return [...lines, ...(last === left ? [] : [last])].map(clean);
  }

  /** What a progress bar has overwritten needs no room. */
  #keepLast(key: string, pieces: string[]): void {
    const text = pieces.join('');
    const last = text.slice(text.lastIndexOf('\r', text.trimEnd().length - 1) + 1);
    this.#rest.set(key, { pieces: [last], size: last.length });
  }

  /** What a terminal shows of the line that has not ended: a progress bar writes over it, from its start. */
  open(key: string): string {
    return clean(this.#rest.get(key)?.pieces.join('') ?? '');
  }

  /** What is left of a stream that ended without a line end. */
  flush(key: string): string[] {
    const rest = this.#rest.get(key);
    this.#rest.delete(key);
    return rest ? [clean(rest.pieces.join(''))] : [];
  }
}
