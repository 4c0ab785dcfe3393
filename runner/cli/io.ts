import type { Readable, Writable } from 'node:stream';

/** The world as a command sees it; tests bring their own, `processIo` is the real one. */
export interface Io {
  /** That of xrun; `cli` writes it. */
  version?: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Terminal;
  stderr: Terminal;
  env: Record<string, string | undefined>;
  cwd: string;
  /**
   * Calls the listener at each Ctrl-C (`ask`) and at each signal that must end the run (`end`), until the returned
   * function is called; after that they end the process again.
   */
  onInterrupt(listener: (how: 'ask' | 'end') => void): () => void;
}

/** A stream that may be a terminal. */
export type Terminal = Writable & { isTTY?: boolean; columns?: number; rows?: number };
