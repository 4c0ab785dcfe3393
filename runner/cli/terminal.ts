import type { Io, Terminal } from './io.ts';

/** Width where it is not known: CI logs show any width, and matrices of a few hosts fit. */
const UNKNOWN_COLUMNS = 120;

/** Colours go to terminals, unless NO_COLOR or `--no-color` says otherwise; FORCE_COLOR wants them everywhere. */
export function wantsColor(io: Io, stream: Terminal, flag = true): boolean {
  if (!flag || io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR && io.env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && io.env.TERM !== 'dumb';
}

/** The width of a stream, in cells. */
export function columnsOf(stream: Terminal): number {
  return stream.columns || UNKNOWN_COLUMNS;
}
