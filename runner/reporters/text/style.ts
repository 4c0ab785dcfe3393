import { Chalk } from 'chalk';
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
