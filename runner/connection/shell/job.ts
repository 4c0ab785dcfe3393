import { Captured } from './captured.ts';
import type { Frame } from './frame.ts';
import type { Outcome } from '../../model/transport/host-shell.ts';
import { nonce } from './nonce.ts';
import type { ShellOptions } from './extras.ts';
import type { Script } from '../../model/script.ts';

/** One script on its way through a persistent shell, and what is known of it so far. */
export class Job {
  readonly frame: Frame;
  readonly options: ShellOptions;
  /** Undefined when it certainly did not start. */
  readonly outcome: Promise<Outcome | undefined>;
  /** Its process group, once it has started. */
  group: number | undefined;
  rc = 0;
  clocked = false;
  stopping: { reason: 'timeout' | 'cancelled'; message: string } | undefined;
  readonly #stdout: Captured;
  readonly #stderr: Captured;
  #halves = 0;
  #resolve!: (outcome: Outcome | undefined) => void;
  #reject!: (error: unknown) => void;

  /**
   * Each marker is a nonce of its own, so that none follows from another: a script in a group of its own has the first in its
   * command line. The last is only in the shell's input, which a script does not inherit, and in the shell's memory: who may
   * trace the shell, which is its user where the kernel allows that (ptrace_scope), can forge an end, and no other user.
   */
  constructor(script: Script, options: ShellOptions, group: boolean) {
    this.options = options;
    const feed = options.feed && nonce();
    const tame =
      script.tame &&
      !script.stdin &&
      !group &&
      !feed &&
      !options.env &&
      !options.cwd &&
      options.timeoutMs === undefined;
    this.frame = {
      script,
      options,
      end: nonce(),
      ...(tame && { tame }),
      ...(group ? { start: nonce() } : {}),
      ...(feed ? { feed } : {}),
    };
    const { overflow } = options;
    this.#stdout = new Captured(undefined, overflow && (() => overflow('stdout')));
    this.#stderr = new Captured(undefined, overflow && (() => overflow('stderr')));
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  output(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const { into, onOutput } = this.options;
    if (into && stream === 'stdout') return into(chunk);
    (stream === 'stdout' ? this.#stdout : this.#stderr).push(chunk);
    onOutput?.(stream, chunk);
  }

  /** Counts a stream that is complete; true when both are. */
  half(): boolean {
    this.#halves += 1;
    return this.#halves === 2;
  }

  finish(): void {
    if (this.stopping) this.#settle(this.stopping.reason, null, this.stopping.message);
    else this.#settle('exit', this.rc);
  }

  /** The shell went away under it. */
  abandon(message: string): void {
    if (this.stopping) this.finish();
    else this.#settle('lost', null, message);
  }

  /** Its input failed on this side. */
  fail(error: unknown): void {
    this.#reject(error);
  }

  unstarted(): void {
    this.#resolve(undefined);
  }

  #settle(reason: Outcome['reason'], rc: number | null, message?: string): void {
    const outcome: Outcome = { reason, rc, stdout: this.#stdout.toBuffer(), stderr: this.#stderr.toBuffer() };
    this.#resolve(message === undefined ? outcome : { ...outcome, message });
  }
}
