import type { Event, Status, TaskRef } from '../../model/events.ts';
import { LineBuffer } from './line-buffer.ts';
import { hostNames } from './names.ts';
import stringWidth from 'fast-string-width';
import { fitted, paint } from './style.ts';
import type { Style } from './style.ts';
import { STATUSES, duration, failureLines, plural, some } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** As many of each as still leave the screen readable with 200 hosts. */
const MOST = { failures: 5, outputs: 4, running: 4, names: 8 };
/** Characters of a line that may be drawn: no terminal is wider, and measuring them takes time. */
const LONGEST_LINE = 500;
/** Of a name this much is shown, however narrow the terminal is. */
const NARROWEST_NAME = 12;
/** Hosts that take longer than this are named while they run. */
const SLOW_MS = 1000;

/** One task on its hosts, as a person watches it: counts, who still runs, what they last said, what failed. */
export class TaskView {
  readonly ref: TaskRef;
  readonly #started = Date.now();
  readonly #expected: Set<string>;
  readonly #running = new Map<string, number>();
  readonly #ended = new Map<Status, string[]>();
  readonly #failures: TaskEnd[] = [];
  readonly #last = new Map<string, string>();
  readonly #buffer = new LineBuffer();
  #took = 0;

  constructor(ref: TaskRef, hosts: readonly string[]) {
    this.ref = ref;
    this.#expected = new Set(hosts);
  }

  /** More hosts come to the same task (`serial`, `free`). */
  expect(hosts: readonly string[]): void {
    for (const host of hosts) this.#expected.add(host);
  }

  start(host: string): void {
    this.#running.set(host, Date.now());
  }

  /** Remembers the last line that the host's command printed. */
  output(host: string, stream: string, text: string): void {
    const line = [...this.#buffer.add(host + stream, text), this.#buffer.open(host + stream)].findLast((whole) =>
      whole.trim(),
    );
    if (line !== undefined) this.say(host, line);
  }

  /** Something to show under the task while the host runs. */
  say(host: string, line: string): void {
    // Deleted first, so that the host moves to the end: the latest lines are the ones shown.
    this.#last.delete(host);
    this.#last.set(host, line.slice(0, LONGEST_LINE));
  }

  end(event: TaskEnd): void {
    if (event.item !== undefined) return this.say(event.host, `${event.item}: ${event.status}`);
    this.#running.delete(event.host);
    this.#last.delete(event.host);
    this.#expected.add(event.host);
    this.#took = Date.now() - this.#started;
    const hosts = this.#ended.get(event.status);
    if (hosts) hosts.push(event.host);
    else this.#ended.set(event.status, [event.host]);
    if (event.error) this.#failures.push(event);
  }

  /** Whether every host did well. */
  get failed(): boolean {
    return this.#count('failed') + this.#count('unreachable') > 0;
  }

  /** Hosts that are at it now. */
  get running(): number {
    return this.#running.size;
  }

  /** The status that sums up all hosts: the worst, and `skipped` only where all were. */
  get status(): Status {
    const order: Status[] = ['unreachable', 'failed', 'rescued', 'ignored', 'unknown', 'changed', 'ok', 'skipped'];
    return order.find((status) => this.#count(status) > 0) ?? 'ok';
  }

  /**
   * `Install docker  134/200  ok 120  changed 13  failed 1`; of a long name what the counts leave room for.
   *
   * @param columns how wide the line may be
   */
  headline(pen: Style, running: boolean, columns = LONGEST_LINE): string {
    const name = this.ref.handler ? `handler ${this.ref.task}` : this.ref.task;
    const counts = STATUSES.filter((status) => this.#count(status) > 0).map((status) =>
      paint(pen, status, `${status} ${this.#count(status)}`),
    );
    const progress = running ? pen.gray(`${this.#done()}/${this.#expected.size}`) : '';
    const time = !running && this.#took >= SLOW_MS ? pen.gray(duration(this.#took)) : '';
    const rest = [progress, ...counts, time]
      .filter(Boolean)
      .map((part) => `  ${part}`)
      .join('');
    return fitted(name, Math.max(NARROWEST_NAME, columns - stringWidth(rest))) + rest;
  }

  /** What moves while the task runs, below its headline. */
  runningLines(pen: Style): string[] {
    return [...this.#failureLines(pen), ...this.#runningHosts(pen), ...this.#outputs(pen)];
  }

  /** What stays when the task is done: who changed, and what failed. Hosts that are as wanted need no words. */
  doneLines(pen: Style): string[] {
    const named = (['changed', 'unknown', 'rescued'] as const).flatMap((status) => this.#named(pen, status));
    return [...(this.#expected.size > 1 ? named : []), ...this.#failureLines(pen)];
  }

  #named(pen: Style, status: Status): string[] {
    const hosts = this.#ended.get(status) ?? [];
    const all = hosts.length === this.#expected.size;
    return hosts.length > 0 && !all ? [`${paint(pen, status, status)}: ${hostNames(hosts, MOST.names)}`] : [];
  }

  /** The same failure of many hosts takes one line. */
  #failureLines(pen: Style): string[] {
    const groups = new Map<string, { status: Status; message: string; hosts: string[] }>();
    for (const { status, host, error } of this.#failures) {
      const [message = ''] = error ? failureLines(error, { output: false }) : [];
      const group = groups.get(status + message) ?? { status, message, hosts: [] };
      groups.set(status + message, group);
      group.hosts.push(host);
    }
    const lines = [...groups.values()].map(
      ({ status, message, hosts }) =>
        `${paint(pen, status, status)}: ${hostNames(hosts, MOST.names)}: ${message.slice(0, LONGEST_LINE)}`,
    );
    const left = lines.length - MOST.failures;
    return left > 0 ? [...lines.slice(0, MOST.failures), pen.red(`and ${plural(left, 'other failure')}`)] : lines;
  }

  #runningHosts(pen: Style): string[] {
    const now = Date.now();
    const slow = [...this.#running]
      .filter(([, since]) => now - since >= SLOW_MS)
      .map(([host, since]) => `${host} ${duration(Math.floor((now - since) / 1000) * 1000)}`);
    return slow.length > 0 ? [pen.gray(`running: ${some(slow, MOST.running)}`)] : [];
  }

  #outputs(pen: Style): string[] {
    return [...this.#last].slice(-MOST.outputs).map(([host, line]) => `${pen.gray(`${host} |`)} ${line}`);
  }

  #done(): number {
    return [...this.#ended.values()].reduce((sum, hosts) => sum + hosts.length, 0);
  }

  #count(status: Status): number {
    return this.#ended.get(status)?.length ?? 0;
  }
}
