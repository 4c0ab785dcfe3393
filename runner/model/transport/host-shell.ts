import type { XrunError } from '../../diagnostics/errors.ts';
import type { LocalFile } from '../local-file.ts';
import type { Script } from '../script.ts';

/** Where all of a stream goes that is too long for memory. */
export interface Overflow {
  /** The note for the reader of the shortened text. */
  readonly where: string;
  write(chunk: Buffer): void;
  end(): void;
}

/** Who a script runs as, and how to become that user. The password travels on stdin only. */
export interface Become {
  method: 'sudo' | 'su' | 'doas';
  user: string;
  password?: string;
}

/** How one script is run. */
export interface RunOptions {
  become?: Become;
  /** The script's process group is killed on the host when this has passed. */
  timeoutMs?: number;
  /** For scripts of xrun's own: when this has passed the shell is given up. Costs nothing, but what runs may go on for a while. */
  patienceMs?: number;
  /** Output as it comes; the outcome still holds all of it, up to CAPTURE_LIMIT. */
  onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  /** Where a stream goes whole that is longer than an outcome holds. */
  overflow?: (stream: 'stdout' | 'stderr') => Overflow | undefined;
  env?: Record<string, string>;
  cwd?: string;
  /**
   * `ours` (the default) for scripts xrun wrote: a subshell of the persistent shell. `theirs` for the user's commands:
   * a process group of their own, which can be killed, and whose survivors cannot write into the next task's output.
   */
  trust?: 'ours' | 'theirs';
  signal?: AbortSignal;
}

/**
 * How a script ended. `lost`: the connection went, and it may or may not have run; it is never run again.
 * `unreachable`: there was none, and none could be made, so it did not run.
 */
export interface Outcome {
  reason: 'exit' | 'timeout' | 'lost' | 'unreachable' | 'cancelled';
  /** Exit status, 128+n for a signal n; null unless reason is `exit`. */
  rc: number | null;
  stdout: Buffer;
  stderr: Buffer;
  /** Why, for any reason but `exit`. */
  message?: string;
  /** For `unreachable`: why there is no shell. */
  error?: XrunError;
}

/** A file to place: written beside the target, flushed, given its mode and owner, then renamed over it. */
export interface PutFile {
  path: string;
  content: Buffer | LocalFile;
  /** Octal, `0644`; undefined keeps an existing file's mode, or follows the umask. */
  mode?: string;
  owner?: string;
  group?: string;
  /** Run on the temporary file before the rename, its path in `$1`; a failure leaves the old file. */
  validate?: Script;
  /** Keep the old content as `PATH.TIMESTAMP~`. */
  backup?: boolean;
}

export type PutOptions = Pick<RunOptions, 'become' | 'timeoutMs' | 'signal'> & { onSent?: (bytes: number) => void };

/** One host, ready to run scripts. All methods may be called at any time; scripts run in the order of the calls. */
export interface HostShell {
  /** Never rejects for what happens on the host: see {@link Outcome}. Rejects with E_BECOME when `become` is refused. */
  run(script: Script, options?: RunOptions): Promise<Outcome>;
  /** Several read-only scripts in one round trip, each with its own outcome. */
  batch(
    scripts: readonly Script[],
    options?: Pick<RunOptions, 'become' | 'timeoutMs' | 'patienceMs' | 'signal'>,
  ): Promise<Outcome[]>;
  /** `onSent` gets how many bytes of a streamed file have been sent. */
  put(file: PutFile, options?: PutOptions): Promise<Outcome>;
  /** Hands the content of a file on the host to `into`, which may not throw, as it comes: the outcome's stdout is empty. */
  get(
    path: string,
    into: (chunk: Buffer) => void,
    options?: Pick<RunOptions, 'become' | 'timeoutMs' | 'signal'>,
  ): Promise<Outcome>;
  /**
   * Drops the connection and logs in afresh, trying until `timeoutMs` or until `signal`. An `address` replaces the
   * target's from now on, null brings that back.
   */
  reconnect(options: { timeoutMs: number; address?: string | null; signal?: AbortSignal }): Promise<void>;
  /** Stops whatever runs and closes the connection. */
  close(): Promise<void>;
}
