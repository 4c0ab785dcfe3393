import type { Position } from '../../diagnostics/errors.ts';
import type { Event, Failure } from '../../model/events.ts';
import type { ReportOptions } from '../options.ts';
import type { Style } from './style.ts';
import { hostNames } from './names.ts';
import { failureLines, failurePlace, plural } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** The same error on many hosts is reported once, with its hosts. */
export interface FailureGroup {
  task: string;
  /** The place of the task. */
  at: Position;
  failure: Failure;
  hosts: string[];
}

/** More of them one after the other nobody reads. */
const MOST_GROUPS = 10;

/** Collects what failed during a run, to be reported together at its end. */
export class Failures {
  #groups = new Map<string, FailureGroup>();

  add(event: TaskEnd): void {
    // A loop's own end repeats what its items said.
    if (!event.error || event.item !== undefined || !['failed', 'unreachable'].includes(event.status)) return;
    const key = JSON.stringify([event.id, event.error.code, event.error.message, event.error.stderr]);
    const group = this.#groups.get(key) ?? { task: event.task, at: event.at, failure: event.error, hosts: [] };
    this.#groups.set(key, group);
    group.hosts.push(event.host);
  }

  get groups(): FailureGroup[] {
    return [...this.#groups.values()];
  }

  /** Lines for the end of the run; none where nothing failed. `output`: with what commands printed. */
  lines(pen: Style, options: ReportOptions, output: boolean): string[] {
    const left = this.groups.length - MOST_GROUPS;
    return [
      ...this.groups.slice(0, MOST_GROUPS).flatMap((group) => ['', ...groupLines(group, pen, options, output)]),
      ...(left > 0 ? ['', pen.red(`and ${plural(left, 'other failure')}, each shown with its task above`)] : []),
    ];
  }
}

function groupLines(group: FailureGroup, pen: Style, options: ReportOptions, output: boolean): string[] {
  const { failure } = group;
  const [message = '', ...rest] = failureLines(failure, { output });
  const frame = failure.at && options.frame?.(failure.at);
  return [
    `${pen.red.bold('FAILED')} ${pen.bold(group.task)} on ${hostNames(group.hosts, 8)}`,
    `  ${pen.red(message)}`,
    ...rest.map((line) => `  ${line}`),
    `  ${pen.gray(failurePlace(failure))}`,
    ...(frame ? frame.split('\n').map((line) => `  ${line}`) : []),
  ];
}
