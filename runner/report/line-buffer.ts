/** Cuts streamed text into whole lines, for each key apart; chunks end anywhere. */
export class LineBuffer {
  #rest = new Map<string, string>();

  /** The lines that `text` completes, without their line ends. */
  add(key: string, text: string): string[] {
    const lines = ((this.#rest.get(key) ?? '') + text).split('\n');
    const rest = lines.pop() ?? '';
    if (rest) this.#rest.set(key, rest);
    else this.#rest.delete(key);
    return lines;
  }

  /** What is left of a stream that ended without a line end. */
  flush(key: string): string[] {
    const rest = this.#rest.get(key);
    this.#rest.delete(key);
    return rest ? [rest] : [];
  }
}
