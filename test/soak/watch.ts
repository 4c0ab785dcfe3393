import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure, Stats, Status } from '../../runner/model/events.ts';

/** What is read of a line of `--jsonl`, and when it came. */
export interface Seen {
  type: string;
  host?: string;
  task?: string;
  item?: string;
  status?: Status;
  error?: Failure;
  duration_ms?: number;
  stats?: Record<string, Stats>;
  at: number;
}

/** How a run ended. */
export interface Ran {
  code: number | null;
  output: string;
  events: Seen[];
}

/** Milliseconds between two looks into the file. */
const EVERY = 5;

/** Reads a run's events while they are written. */
export class Watch {
  readonly seen: Seen[] = [];
  readonly #path: string;
  #file: number | undefined;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes in what has been written since the last look. */
  look(): void {
    try {
      this.#file ??= openSync(this.#path, 'r');
    } catch {
      return; // not begun yet
    }
    const block = Buffer.alloc(65536);
    for (let length = readSync(this.#file, block); length > 0; length = readSync(this.#file, block))
      this.#rest += block.toString('utf8', 0, length);
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.seen.push({ ...(JSON.parse(line) as Seen), at: Date.now() });
  }

  /** Resolves with true when such an event has come, with false when `over` says that none will. */
  async until(wanted: (event: Seen) => boolean, over: () => boolean): Promise<boolean> {
    for (let next = 0; ; await sleep(EVERY)) {
      const last = over();
      this.look();
      for (; next < this.seen.length; next++) if (wanted(this.seen[next]!)) return true;
      if (last) return false;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
