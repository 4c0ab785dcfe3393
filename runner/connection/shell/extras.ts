import type { Outcome, RunOptions } from '../../model/transport/host-shell.ts';
import type { Script } from '../../model/script.ts';

/** What only this folder asks of a shell. */
export interface Extras {
  /** Gets what the script prints, instead of the outcome. */
  into?: (chunk: Buffer) => void;
  /** Stdin that is streamed, to a script that reads exactly as many bytes or fails. A block is let go before the next is asked for. */
  feed?: AsyncIterable<Buffer>;
}

export type ShellOptions = Omit<RunOptions, 'become'> & Extras;

/** Runs scripts, given in order, without waiting for others; see `HostShell.batch`. */
export type RunScripts = (scripts: readonly Script[], options: RunOptions & Extras) => Promise<Outcome[]>;
