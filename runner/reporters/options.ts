import type { Position } from '../diagnostics/errors.ts';

/** Where a reporter writes: a stream, a file, or a string in a test. */
export interface Sink {
  write(text: string): unknown;
}

/** How a reporter shows things; the same for all of them. */
export interface ReportOptions {
  color: boolean;
  /** 0: how each task ended; 1: its result and output too; 2: the commands that ran; 3: places and times of everything. */
  verbosity: number;
  /** Only what went wrong, warnings and the recap. */
  quiet?: boolean;
  /** Show what changed, before and after. */
  diff: boolean;
  /** Width of the terminal, in cells. */
  columns: number;
  /** The lines of the user's file around a place, with the place marked; undefined where it cannot be read. */
  frame?(at: Position): string | undefined;
}
