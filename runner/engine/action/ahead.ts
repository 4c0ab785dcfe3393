import type { Outcome } from '../../model/transport/host-shell.ts';

/**
 * Counts the changes of a run. A probe that was sent ahead holds only while nothing has been changed anywhere since:
 * a task may read on one host what an earlier one wrote on another.
 */
export class Epoch {
  #now = 0;
  get now(): number {
    return this.#now;
  }
  /** Called whenever something may have changed a host, or time was let pass on purpose. */
  next(): void {
    this.#now++;
  }
}

/** The oldest a probe's answer may be, in milliseconds: what others change meanwhile is not seen otherwise. */
const FRESH_MS = 10_000;
/** Probes in one round trip at most. */
const WIDEST = 64;

/** Probes of one host that travelled with an earlier task's, by shell and text. */
export class Ahead {
  #answers = new Map<string, { epoch: number; sent: number; outcome: Promise<Outcome> }>();
  /** How many tasks it is worth looking ahead. */
  window = WIDEST;

  put(key: string, epoch: number, outcome: Promise<Outcome>): void {
    outcome.catch(() => undefined);
    this.#answers.set(key, { epoch, sent: Date.now(), outcome });
  }

  /** The answer, if it still holds. Each is used once. */
  take(key: string, epoch: number): Promise<Outcome> | undefined {
    const answer = this.#answers.get(key);
    if (!answer) return undefined;
    this.#answers.delete(key);
    if (answer.epoch !== epoch || Date.now() - answer.sent > FRESH_MS) {
      this.#answers.clear();
      this.window = Math.min(this.window, 1);
      return undefined;
    }
    return answer.outcome;
  }

  has(key: string, epoch: number): boolean {
    return this.#answers.get(key)?.epoch === epoch;
  }

  /** After a task that changes nothing: what was sent ahead is not in vain, so dare more. */
  widen(): void {
    this.window = Math.min(WIDEST, Math.max(1, this.window * 2));
  }

  /** After one that does: what was sent ahead is. Where one change comes after the other nothing is sent ahead at all. */
  narrow(): void {
    this.window = this.window > 1 ? 1 : 0;
  }
}
