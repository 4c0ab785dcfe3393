import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event } from '../../model/events.ts';
import { colouredDiff } from './diff.ts';
import type { ReportOptions } from '../options.ts';
import type { Style } from './style.ts';
import { duration, failureLines, labelled } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** Faster tasks are not worth a reader's glance. */
const WORTH_TELLING_MS = 1000;

/** Lines of a command's output that a failure is shown with; who wants more of them asks with `-v`. */
const OUTPUT_LINES = 20;

/**
 * What is said of a host's task besides its status: the rest of its line, which may be empty, and lines below it.
 *
 * @param output with what the command printed, where it failed
 */
export function taskEndLines(event: TaskEnd, pen: Style, options: ReportOptions, output: boolean): string[] {
  const most = options.verbosity > 0 ? Infinity : OUTPUT_LINES;
  const [failure = '', ...failureRest] = event.error ? failureLines(event.error, { output, most }) : [];
  const message = event.message === undefined ? [] : event.message.split('\n');
  const [said = '', ...below] = event.error ? [failure, ...failureRest] : message;
  return [
    said,
    ...below,
    // An ignored failure says both what failed and why that does not matter.
    ...(event.error ? message : []),
    ...detailLines(event, pen, options),
  ];
}

/** How long a task took, where that is worth a reader's glance; else ''. */
export function slowness(ms: number, { verbosity }: ReportOptions): string {
  return ms >= WORTH_TELLING_MS || verbosity >= 3 ? duration(ms) : '';
}

/** What those who ask for more see of a task's end: its place, commands, result and differences. */
export function detailLines(event: TaskEnd, pen: Style, options: ReportOptions): string[] {
  return [
    ...(options.verbosity >= 3 ? [pen.gray(`at ${formatPosition(event.at)}`)] : []),
    ...(options.verbosity >= 2
      ? (event.commands ?? []).flatMap((command) => prompted(command)).map((line) => pen.cyan(line))
      : []),
    ...(options.verbosity >= 1 ? resultLines(event.result, options.verbosity >= 3) : []),
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

/** Fields of a result that only repeat others. */
const REPEATED = new Set(['stdout_lines', 'stderr_lines']);

/** Fields that differ from host to host where all else is the same. */
const TIMES = new Set(['start', 'end', 'delta']);

/** The registered result; what a command printed as lines. */
function resultLines(result: Record<string, unknown> | undefined, times: boolean): string[] {
  return Object.entries(result ?? {})
    .filter(([name, value]) => value !== undefined && !REPEATED.has(name) && (times || !TIMES.has(name)))
    .flatMap(([name, value]) =>
      (name === 'stdout' || name === 'stderr') && typeof value === 'string'
        ? labelled(name, value)
        : [`${name}: ${JSON.stringify(value)}`],
    );
}
