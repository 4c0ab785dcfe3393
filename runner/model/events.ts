import type { Position } from '../diagnostics/errors.ts';

/** How a task ended on one host. In check mode `changed` means: would change. */
export type Status = 'ok' | 'changed' | 'unknown' | 'skipped' | 'failed' | 'unreachable' | 'rescued' | 'ignored';

/** One thing a task changes: `before` and `after` are texts to compare; `null` says that the thing is not there. */
export interface Diff {
  /** What changes: a path, a network's name, `eth0 address`. */
  what: string;
  before: string | null;
  after: string | null;
}

/** Tasks of one host, counted by how they ended. */
export type Stats = Record<Status, number>;

/** What failed, as reporters show it. */
export interface Failure {
  code: string;
  message: string;
  at?: Position;
  hint?: string;
  /** Exit status and output of the command that failed, where there was one. */
  rc?: number | null;
  stdout?: string;
  stderr?: string;
}

/** The places a task shows itself at: its name, its module and `file:line:col`. */
export interface TaskRef {
  /** Unique in a run, the same for every host. */
  id: string;
  task: string;
  module: string;
  at: Position;
  /** `handler` where the task runs because it was notified. */
  handler?: boolean;
}

/**
 * Everything a run reports. The engine emits, reporters listen; nothing else passes between the two. Secrets are
 * redacted before an event is made. Times are milliseconds since the run's start.
 */
export type Event =
  /** `shard`: which part of the hosts this controller runs, where there are several. */
  | {
      type: 'run_start';
      playbooks: string[];
      check: boolean;
      hosts: string[];
      shard?: { number: number; count: number };
    }
  /** `skipped` comes from no engine: a reporter gets it where no task of the play ran on any host. */
  /** `tasks`: how many it has, as far as that is known before it runs. */
  | { type: 'play_start'; play: string; at: Position; hosts: string[]; tasks?: number; skipped?: true }
  | ({ type: 'task_start'; hosts: string[] } & TaskRef)
  | { type: 'host_start'; id: string; host: string }
  | { type: 'output'; id: string; host: string; stream: 'stdout' | 'stderr'; text: string }
  /** How far a large file has come on its way to a host, in bytes; now and then. */
  | { type: 'sending'; id: string; host: string; sent: number; size: number }
  | { type: 'retry'; id: string; host: string; attempt: number; retries: number; why: string }
  | ({
      type: 'task_end';
      host: string;
      status: Status;
      duration_ms: number;
      /** The label of a loop's item; the task's own end follows its items'. */
      item?: string;
      diff?: readonly Diff[];
      /** The task says `diff: true`: shown also without `--diff`. */
      show_diff?: true;
      error?: Failure;
      /** Why it was skipped, unknown or ignored; for debug, its text. */
      message?: string;
      /** The registered result, shown with -v. */
      result?: Record<string, unknown>;
      /** What ran on the host to change it, redacted; shown with -vv. */
      commands?: string[];
    } & TaskRef)
  | ({ type: 'task_done' } & TaskRef)
  | ({ type: 'matrix' } & Matrix)
  | { type: 'warning'; message: string; at?: Position; hint?: string }
  | { type: 'run_end'; stats: Record<string, Stats>; duration_ms: number; interrupted: boolean };

/** A table of hosts against hosts: `cells[row][column]`. */
export interface Matrix {
  title: string;
  rows: string[];
  columns: string[];
  cells: MatrixCell[][];
}

/** One cell of the connectivity matrix: from the row's host to the column's. */
export interface MatrixCell {
  ok: boolean | null;
  /** Short: `0.4 ms`, `tcp: checksum differs`. */
  text: string;
  /** Why it failed, where that was found out: the same words in every cell of one cause. */
  cause?: string;
  /** Everything that was tried on this way. */
  checks?: CellCheck[];
}

/** One check of a {@link MatrixCell}; `existing` is a ping to a container that was there before. */
export interface CellCheck {
  check: 'ping' | 'mtu' | 'tcp' | 'name' | 'existing';
  ok: boolean;
  text: string;
}

/** Receives events in order. `close` resolves when all has been written. */
export interface Reporter {
  on(event: Event): void;
  /** Resolves when a question may be asked: what was reported is drawn, and nothing moves. Only for a task that may ask. */
  quiet?(): Promise<void>;
  close?(): Promise<void>;
}
