import type { Event, Failure } from '../../model/events.ts';
import type { ReportOptions } from '../options.ts';
import type { Style } from './style.ts';
import { failureLines, failurePlace, some } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** The same error on many hosts is reported once, with its hosts. */
export interface FailureGroup {
  task: string;
  failure: Failure;
  hosts: string[];
}

/** Collects what failed during a run, to be reported together at its end. */
export class Failures {
  #groups = new Map<string, FailureGroup>();

  add(event: TaskEnd): void {
    // A loop's own end repeats what its items said.
    if (!event.error || event.item !== undefined || !['failed', 'unreachable'].includes(event.status)) return;
    const key = JSON.stringify([event.id, event.error.code, event.error.message, event.error.stderr]);
    const group = this.#groups.get(key) ?? { task: event.task, failure: event.error, hosts: [] };
    this.#groups.set(key, group);
    group.hosts.push(event.host);
  }

  get groups(): FailureGroup[] {
    return [...this.#groups.values()];
  }

  /** Lines for the end of the run; none where nothing failed. `output`: with what commands printed. */
  lines(pen: Style, options: ReportOptions, output: boolean): string[] {
    return this.groups.flatMap((group) => ['', ...groupLines(group, pen, options, output)]);
  }
}

function groupLines(group: FailureGroup, pen: Style, options: ReportOptions, output: boolean): string[] {
  const { failure } = group;
  const [message = '', ...rest] = failureLines(failure, { output });
  const frame = failure.at && options.frame?.(failure.at);
  return [
    `${pen.red.bold('FAILED')} ${pen.bold(group.task)} on ${some(group.hosts, 8)}`,
    `  ${pen.red(message)}`,
    ...rest.map((line) => `  ${line}`),
    `  ${pen.gray(failurePlace(failure))}`,
    ...(frame ? frame.split('\n').map((line) => `  ${line}`) : []),
  ];
}
