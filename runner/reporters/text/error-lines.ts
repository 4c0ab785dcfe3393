import { XrunErrors, formatPosition } from '../../diagnostics/errors.ts';
import type { XrunError } from '../../diagnostics/errors.ts';
import { clean, oneLine } from '../../diagnostics/clean.ts';
import type { ReportOptions } from '../options.ts';
import { style } from './style.ts';

/** What a person reads of a foreseen error: the message, its place and the lines there, what to do. */
export function errorLines(
  error: XrunError,
  options: Pick<ReportOptions, 'color' | 'frame'>,
  kind: 'error' | 'warning' = 'error',
): string[] {
  if (error instanceof XrunErrors) return severalLines(error, options, kind);
  const pen = style(options.color);
  const name = kind === 'error' ? pen.red.bold(`error[${error.code}]`) : pen.yellow.bold(`warning[${error.code}]`);
  const frame = error.at && options.frame?.(error.at);
  return [
    `${name}: ${pen.bold(clean(error.message))}`,
    ...(error.at ? [`  at ${oneLine(formatPosition(error.at))}`] : []),
    ...(frame ? frame.split('\n').map((line) => `  ${line}`) : []),
    ...(error.hint ? [`  ${pen.cyan('hint')}: ${clean(error.hint)}`] : []),
  ];
}

function severalLines(
  several: XrunErrors,
  options: Pick<ReportOptions, 'color' | 'frame'>,
  kind: 'error' | 'warning',
): string[] {
  return [...several.errors.flatMap((error) => [...errorLines(error, options, kind), '']), several.message];
}
