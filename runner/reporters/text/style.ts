import { Chalk } from 'chalk';
import stringWidth from 'fast-string-width';
import type { ChalkInstance } from 'chalk';
import type { Status } from '../../model/events.ts';

/** Colours, or none of them: every function returns its text unchanged where `color` is false. */
export type Style = ChalkInstance;

/** Sixteen colours only: they follow the user's own terminal theme, light or dark. */
export function style(color: boolean): Style {
  return new Chalk({ level: color ? 1 : 0 });
}

/** The colour of a status, the same in every report. */
export function paint(pen: Style, status: Status, text: string): string {
  switch (status) {
    case 'ok':
      return pen.green(text);
    case 'changed':
    case 'rescued':
      return pen.yellow(text);
    case 'unknown':
      return pen.magenta(text);
    case 'skipped':
      return pen.cyan(text);
    case 'failed':
    case 'unreachable':
      return pen.red(text);
    case 'ignored':
      return pen.blue(text);
  }
}

/** A text that is no wider than so many cells; what is cut off is marked. */
export function fitted(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shown = text.slice(0, width - 1);
  while (stringWidth(shown) >= width) shown = shown.slice(0, -1);
  return `${shown}…`;
}
