import type { Overflow } from '../../model/transport/host-shell.ts';

/** Bytes of one stream that an outcome holds at most: 16 MiB; of longer output its first and its last 8 MiB. */
export const CAPTURE_LIMIT = 16 * 1024 * 1024;

/** One stream's output, in memory that is bounded: what falls out of the middle is counted and said. */
export class Captured {
  readonly #half: number;
  readonly #overflow: (() => Overflow | undefined) | undefined;
  #all: Overflow | undefined;
  #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;
  #dropped = 0;

  /** `limit` in bytes. `overflow` is asked once, when the limit is passed. */
  constructor(limit: number = CAPTURE_LIMIT, overflow?: () => Overflow | undefined) {
    this.#half = limit / 2;
    this.#overflow = overflow;
  }

  push(chunk: Buffer): void {
    this.#all?.write(chunk);
    const room = this.#half - this.#headSize;
    if (chunk.length <= room) {
      this.#head.push(chunk);
      this.#headSize += chunk.length;
      return;
    }
    if (room > 0) {
      this.#head.push(chunk.subarray(0, room));
      this.#headSize += room;
    }
    this.#keepTail(room > 0 ? chunk.subarray(room) : chunk);
  }

  /** Everything; or head, a line that says how many bytes are missing, and tail. Nothing may be pushed afterwards. */
  toBuffer(): Buffer {
    this.#all?.end();
    if (this.#tailSize === 0 && this.#head.length === 1) return this.#head[0] as Buffer;
    const tail = Buffer.concat(this.#tail);
    const over = Math.max(0, tail.length - this.#half);
    const missing = this.#dropped + over;
    const note =
      missing > 0
        ? [
            Buffer.from(
              `\n[xrun left out ${missing} bytes here${this.#all ? `; all of it is in ${this.#all.where}` : ''}]\n`,
            ),
          ]
        : [];
    return Buffer.concat([...this.#head, ...note, tail.subarray(over)]);
  }

  #keepTail(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#tailSize += chunk.length;
    if (this.#dropped === 0 && this.#tailSize > this.#half && !this.#all) this.#spill();
    while (this.#tailSize - (this.#tail[0] as Buffer).length >= this.#half) {
      const gone = (this.#tail.shift() as Buffer).length;
      this.#tailSize -= gone;
      this.#dropped += gone;
    }
  }

  #spill(): void {
    this.#all = this.#overflow?.();
    for (const chunk of [...this.#head, ...this.#tail]) this.#all?.write(chunk);
  }
}
