import stringWidth from 'fast-string-width';
import type { Position } from '../../diagnostics/errors.ts';
import { blotted } from '../../diagnostics/clean.ts';
import { style } from './style.ts';

/** How a frame looks. */
export interface FrameOptions {
  color: boolean;
  /** Lines before and after the one that is meant; 2 where not given. */
  context?: number;
}

/** Longer lines are cut around the place. */
const longest = 160;

/**
 * The lines around a place, numbered, with carets under it; undefined where the text has no such line.
 *
 * @param text the whole file
 */
export function codeFrame(text: string, at: Position, { color, context = 2 }: FrameOptions): string | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const line = lines[at.line - 1];
  if (line === undefined) return undefined;
  const first = Math.max(1, at.line - context);
  const last = Math.min(lines.length, at.line + context);
  const digits = String(last).length;
  const pen = style(color);
  const gutter = (number?: number) => pen.dim(`${String(number ?? '').padStart(digits)} |`);
  const start = windowStart(line, at);
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const shown = show((lines[number - 1] ?? '').slice(start, start + longest));
    frame.push(`${gutter(number)} ${number === at.line ? shown : pen.dim(shown)}`.trimEnd());
    if (number === at.line) frame.push(`${gutter()} ${carets(line, at, start, pen.red.bold)}`);
  }
  return frame.join('\n');
}

function carets(line: string, at: Position, start: number, paint: (text: string) => string): string {
  const from = Math.min(at.col - 1, line.length);
  const to = Math.min(
    Math.max(at.endCol ? at.endCol - 1 : from + 1, from + 1),
    start + longest,
    Math.max(line.length, from + 1),
  );
  const blank = stringWidth(show(line.slice(start, from)));
  const marked = Math.max(1, stringWidth(show(line.slice(from, to))));
  return ' '.repeat(blank) + paint('^'.repeat(marked));
}

/** Of a very long line the part around the place is shown. */
function windowStart(line: string, at: Position): number {
  return line.length <= longest ? 0 : Math.max(0, Math.min(at.col - 1 - longest / 2, line.length - longest));
}

/** A line as a terminal shows it in the same way everywhere: tabs as blanks, control characters made visible. */
function show(text: string): string {
  return blotted(text.replaceAll('\t', '    '));
}
