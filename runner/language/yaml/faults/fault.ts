import type { SourceText } from '../source-text.ts';

/** A syntax error: its span as offsets, what is wrong, what to do. */
export interface Fault {
  start: number;
  end: number;
  message: string;
  hint?: string;
}

/** Where the parser stopped, with the line that it stopped in. */
export interface Stop {
  source: SourceText;
  offset: number;
  reason: string;
  /** Offsets of the line's beginning and end. */
  lineStart: number;
  lineEnd: number;
  line: string;
  /** Offset in the line. */
  column: number;
}

export function stopAt(source: SourceText, offset: number, reason: string): Stop {
  const lineStart = source.lineStart(offset);
  const lineEnd = source.lineEnd(offset);
  return {
    source,
    offset,
    reason,
    lineStart,
    lineEnd,
    line: source.text.slice(lineStart, lineEnd),
    column: offset - lineStart,
  };
}

/** The stop moved to the last line before it that is neither blank nor a comment; undefined where there is none. */
export function lineBefore(stop: Stop): Stop | undefined {
  let end = stop.lineStart - 1;
  while (end >= 0) {
    const before = stopAt(stop.source, end, stop.reason);
    if (/^\s*[^\s#]/.test(before.line)) return { ...before, offset: before.lineStart, column: 0 };
    end = before.lineStart - 1;
  }
  return undefined;
}
