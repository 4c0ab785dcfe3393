import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event, Failure, Status, TaskRef } from '../../model/events.ts';

/** The order in which statuses are counted out, everywhere. */
export const STATUSES = [
  'ok',
  'changed',
  'unknown',
  'unreachable',
  'failed',
  'skipped',
  'rescued',
  'ignored',
] as const satisfies readonly Status[];

/** A text of several lines whose further ones stand under its first: none can be taken for a line of the report. */
export function inset(text: string): string {
  return text.replaceAll('\n', '\n    ');
}

/** `1 host`, `3 hosts`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `340 ms`, `2.4 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `a, b, c and 17 more`. */
export function some(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** `3 hosts`, and that nothing of the play ran on them. */
export function playHosts({ hosts, skipped }: Extract<Event, { type: 'play_start' }>): string {
  return plural(hosts.length, 'host') + (skipped ? ', all skipped' : '');
}

/** `TASK Install docker (package)`. */
export function taskTitle(task: TaskRef): string {
  const kind = task.handler ? 'HANDLER' : 'TASK';
  return task.task === task.module ? `${kind} ${task.task}` : `${kind} ${task.task} (${task.module})`;
}

/** `changed: [node1] (item=web)`. */
export function hostLine(event: Extract<Event, { type: 'task_end' }>): string {
  const item = event.item === undefined ? '' : ` (item=${event.item})`;
  return `${event.status}: [${event.host}]${item}`;
}

/** `retrying: [node1] 2 of 10: why`; `waiting: [node1] why` for a job, which is asked for until it ends. */
export function retryLine(event: Extract<Event, { type: 'retry' }>): string {
  if (event.retries === 0) return `waiting: [${event.host}] ${event.why ?? ''}`;
  return `retrying: [${event.host}] ${event.attempt} of ${event.retries}${event.why ? `: ${event.why}` : ''}`;
}

/** `45 % of 210 MB sent`. */
export function sendingLine({ sent, size }: Pick<Extract<Event, { type: 'sending' }>, 'sent' | 'size'>): string {
  return `${Math.floor((100 * sent) / size)} % of ${Math.round(size / 1e6)} MB sent`;
}

/**
 * What failed in lines: the message, then what the command left, then what to do. Never empty.
 *
 * @param options.output with what the command printed
 * @param options.most lines of each stream, the last ones; all where not given
 */
export function failureLines(failure: Failure, options: { output: boolean; most?: number }): string[] {
  const { output, most } = options;
  const lines = failure.message.split('\n');
  if (typeof failure.rc === 'number' && !/exit|return code/.test(failure.message))
    lines[0] += ` (exit status ${failure.rc})`;
  const printed = output ? (['stdout', 'stderr'] as const).flatMap((name) => labelled(name, failure[name], most)) : [];
  return [...lines, ...printed, ...(failure.hint ? [`hint: ${failure.hint}`] : [])];
}

/** `E_UNDEFINED at site.yml:3:5`, for those who look a code up. */
export function failurePlace(failure: Failure): string {
  return failure.at ? `${failure.code} at ${formatPosition(failure.at)}` : failure.code;
}

/** `stdout: one line`, or the label and the last lines below it; nothing for a text without any. */
export function labelled(label: string, text: string | undefined, most = Infinity): string[] {
  const trimmed = text?.trimEnd();
  if (!trimmed) return [];
  const lines = trimmed.split('\n');
  if (lines.length === 1) return [`${label}: ${lines[0]}`];
  const left = Math.max(0, lines.length - most);
  const title = left > 0 ? `${label}: the last ${lines.length - left} of ${lines.length} lines` : `${label}:`;
  return [title, ...lines.slice(left).map((line) => `  ${line}`)];
}
