import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event } from '../../model/events.ts';
import { colouredDiff } from './diff.ts';
import type { ReportOptions } from '../options.ts';
import type { Style } from './style.ts';
import { duration, failureLines } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** Faster tasks are not worth a reader's glance. */
const WORTH_TELLING_MS = 1000;

/** What is said of a host's task besides its status: the rest of its line, and lines below it. */
export function taskEndLines(
  event: TaskEnd,
  pen: Style,
  options: ReportOptions,
  output: boolean,
): { inline: string; below: string[] } {
  const [failure = '', ...failureRest] = event.error ? failureLines(event.error, { output }) : [];
  const message = event.message === undefined ? [] : event.message.split('\n');
  const [said, ...below] = event.error ? [failure, ...failureRest] : message;
  const slow = event.duration_ms >= WORTH_TELLING_MS || options.verbosity >= 3;
  return {
    inline: (said ? ` ${said}` : '') + (slow ? pen.gray(` (${duration(event.duration_ms)})`) : ''),
    below: [
      ...below,
      // An ignored failure says both what failed and why that does not matter.
      ...(event.error ? message : []),
      ...detailLines(event, pen, options),
    ],
  };
}

/** What those who ask for more see of a task's end: its place, commands, result and differences. */
export function detailLines(event: TaskEnd, pen: Style, options: ReportOptions): string[] {
  return [
    ...(options.verbosity >= 3 ? [pen.gray(`at ${formatPosition(event.at)}`)] : []),
    ...(options.verbosity >= 2
      ? (event.commands ?? []).flatMap((command) => prompted(command)).map((line) => pen.cyan(line))
      : []),
    ...(options.verbosity >= 1 ? resultLines(event.result) : []),
    ...(options.diff || event.show_diff ? (event.diff ?? []).flatMap((diff) => colouredDiff(diff, pen)) : []),
  ];
}

/** A command as one would type it; its further lines stand under its first. */
function prompted(command: string): string[] {
  return command
    .trimEnd()
    .split('\n')
    .map((line, i) => `${i === 0 ? '$' : ' '} ${line}`);
}

/** The registered result, without the fields that only repeat others. */
function resultLines(result: Record<string, unknown> | undefined): string[] {
  const shown = Object.entries(result ?? {}).filter(([name]) => name !== 'stdout_lines' && name !== 'stderr_lines');
  return shown.map(([name, value]) => `${name}: ${JSON.stringify(value) ?? 'undefined'}`);
}
