/** What is looked for next in a stream: output goes to `sink` until `marker` comes; `done` gets the rest of its line. */
export interface Expectation {
  marker: Buffer;
  sink: (chunk: Buffer) => void;
  done: (rest: string) => void;
}

const NEWLINE = 10;
/** Bytes. */
const LONGEST_REST = 1024;

/**
 * Cuts a byte stream at marker lines. A marker may stand anywhere, also right behind output without a line end, and
 * may arrive in pieces. Bytes that come when nothing is expected go to `onNoise`.
 */
export class MarkerReader {
  readonly #onNoise: () => void;
  #queue: Expectation[] = [];
  #carry: Buffer | undefined;

  constructor(onNoise: () => void) {
    this.#onNoise = onNoise;
  }

  expect(expectation: Expectation): void {
    this.#queue.push(expectation);
  }

  push(chunk: Buffer): void {
    let data: Buffer | undefined = this.#carry ? Buffer.concat([this.#carry, chunk]) : chunk;
    this.#carry = undefined;
    while (data && data.length > 0) {
      const next = this.#queue[0];
      if (!next) return this.#onNoise();
      data = this.#consume(next, data);
    }
  }

  /** Returns what follows the marker's line; undefined when more has to come first. */
  #consume(next: Expectation, data: Buffer): Buffer | undefined {
    const at = data.indexOf(next.marker);
    const end = at < 0 ? -1 : endOfLine(data, at + next.marker.length);
    if (at < 0 || end < 0) {
      const keepFrom = at < 0 ? data.length - overlap(data, next.marker) : at;
      if (keepFrom > 0) next.sink(data.subarray(0, keepFrom));
      if (keepFrom < data.length) this.#carry = data.subarray(keepFrom);
      return undefined;
    }
    if (at > 0) next.sink(data.subarray(0, at));
    this.#queue.shift();
    next.done(data.toString('latin1', at + next.marker.length, end));
    return data.subarray(end + 1);
  }
}

/** Behind a marker stand a few digits; a host that never ends the line is not waited for. */
function endOfLine(data: Buffer, from: number): number {
  const end = data.indexOf(NEWLINE, from);
  return end < 0 && data.length - from > LONGEST_REST ? from + LONGEST_REST : end;
}

/** How many of the last bytes of `data` may be the beginning of `marker`. */
function overlap(data: Buffer, marker: Buffer): number {
  const first = marker[0] as number;
  const from = Math.max(0, data.length - marker.length + 1);
  for (let at = data.indexOf(first, from); at >= 0; at = data.indexOf(first, at + 1)) {
    if (data.compare(marker, 0, data.length - at, at) === 0) return data.length - at;
  }
  return 0;
}
