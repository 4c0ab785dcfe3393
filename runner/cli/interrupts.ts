import type { Io } from './io.ts';

/** The two ways a person can stop a run. */
export interface Interrupts {
  /** Start nothing more. */
  drain: AbortSignal;
  /** Stop what runs. */
  signal: AbortSignal;
  /** Stops listening. */
  done(): void;
}

/** Ctrl-C once drains, twice aborts; SIGTERM and SIGHUP abort at once. `report` gets what the user should know. */
export function interrupts(io: Io, report: (message: string) => void): Interrupts {
  const drain = new AbortController();
  const abort = new AbortController();
  const done = io.onInterrupt((how) => {
    if (abort.signal.aborted) return;
    if (how === 'ask' && !drain.signal.aborted) {
      drain.abort();
      return report('interrupted: running tasks may finish, no others start; press Ctrl-C again to stop them');
    }
    drain.abort();
    abort.abort();
    report('interrupted: stopping what runs on the hosts');
  });
  return { drain: drain.signal, signal: abort.signal, done };
}
