import { formatPosition } from '../diagnostics/errors.ts';
import type { Event, Reporter, TaskRef } from '../model/events.ts';
import { EndGroups } from './text/end-groups.ts';
import { Failures } from './text/failures.ts';
import { LineBuffer } from './text/line-buffer.ts';
import { matrixLines } from './text/matrix.ts';
import type { ReportOptions, Sink } from './options.ts';
import { readable } from './text/readable.ts';
import { recapLines } from './text/recap.ts';
import { style } from './text/style.ts';
import type { Style } from './text/style.ts';
import { inset, playHosts, retryLine, taskTitle } from './text/words.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** A task of which not all hosts have ended. */
interface OpenTask {
  ref: TaskRef;
  ends: EndGroups;
  /** How often it was begun and not yet done: each host for itself begins it where hosts do not wait for each other. */
  begun: number;
  /** One host's output is shown while it runs; that of several would be mixed. */
  streams: boolean;
  /** The latest attempt that was shown: hosts that retry together take one line. */
  attempt: number;
}

/** Appends lines, never goes back: for CI logs, files and pipes. What is the same on many hosts is said once. */
export class PlainReporter implements Reporter {
  readonly #out: Sink;
  readonly #options: ReportOptions;
  readonly #pen: Style;
  readonly #failures = new Failures();
  readonly #open = new Map<string, OpenTask>();
  readonly #buffer = new LineBuffer();
  /** The task whose title is above; hosts may be at different tasks at a time. */
  #under: string | undefined;

  constructor(out: Sink, options: ReportOptions) {
    this.#out = out;
    this.#options = options;
    this.#pen = style(options.color);
  }

  on(raw: Event): void {
    const event = readable(raw);
    switch (event.type) {
      case 'play_start':
        this.endTasks();
        this.#under = undefined;
        return this.#tell([
          '',
          this.#pen.bold(`PLAY ${event.play}`) + this.#pen.gray(`  ${formatPosition(event.at)}, ${playHosts(event)}`),
        ]);
      case 'task_start':
        return this.#begin(event);
      case 'output':
        return this.#output(event);
      case 'retry':
        return this.#retry(event);
      case 'task_end':
        return this.#taskEnd(event);
      case 'task_done':
        return this.#taskDone(event.id);
      case 'matrix':
        this.endTasks();
        return this.#tell(['', ...matrixLines(event, this.#options.columns, this.#pen)]);
      case 'warning':
        return this.#print([
          this.#pen.yellow(`warning: ${inset(event.message)}`) +
            (event.at ? this.#pen.gray(`  ${formatPosition(event.at)}`) : ''),
          ...(event.hint ? [`  hint: ${inset(event.hint)}`] : []),
        ]);
      case 'run_end':
        this.endTasks();
        return this.#print([
          ...this.#failures.lines(this.#pen, this.#options, this.#options.quiet ?? false),
          '',
          ...recapLines(event, this.#pen),
        ]);
    }
  }

  /** A question is asked: what comes before it is shown before it. */
  async quiet(): Promise<void> {
    this.endTasks();
  }

  async close(): Promise<void> {
    this.endTasks();
  }

  /** Shows how tasks ended that not all of their hosts have ended yet. */
  endTasks(): void {
    for (const task of this.#open.values()) this.#end(task);
  }

  #begin(event: Of<'task_start'>): void {
    const task = this.#taskOf(event);
    task.begun++;
    task.streams = this.#options.verbosity > 0 && event.hosts.length === 1;
    this.#title(task.ref);
  }

  #taskOf(ref: TaskRef): OpenTask {
    const known = this.#open.get(ref.id);
    if (known) return known;
    const ends = new EndGroups(this.#pen, this.#options);
    const task = { ref, ends, begun: 0, streams: false, attempt: 0 };
    this.#open.set(ref.id, task);
    return task;
  }

  #taskEnd(event: Of<'task_end'>): void {
    this.#failures.add(event);
    const task = this.#taskOf(event);
    if (task.streams)
      for (const stream of ['stdout', 'stderr']) this.#prefixed(event.host, this.#buffer.flush(keyOf(event, stream)));
    task.ends.add(event, !task.streams);
  }

  #taskDone(id: string): void {
    const task = this.#open.get(id);
    if (task && --task.begun <= 0) this.#end(task);
  }

  #end({ ref, ends }: OpenTask): void {
    this.#open.delete(ref.id);
    const lines = ends.lines();
    if (lines.length > 0) this.#title(ref);
    this.#tell(lines);
  }

  #retry(event: Of<'retry'>): void {
    const task = this.#open.get(event.id);
    if (!task || event.attempt <= task.attempt) return;
    task.attempt = event.attempt;
    this.#title(task.ref);
    this.#tell([inset(retryLine(event))]);
  }

  #output(event: Of<'output'>): void {
    const task = this.#open.get(event.id);
    if (!task?.streams) return;
    this.#title(task.ref);
    this.#prefixed(event.host, this.#buffer.add(keyOf(event, event.stream), event.text));
  }

  #prefixed(host: string, lines: string[]): void {
    this.#tell(lines.map((line) => `${this.#pen.gray(`${host} |`)} ${line}`));
  }

  #title(task: TaskRef): void {
    if (this.#under === task.id) return;
    this.#under = task.id;
    this.#tell(['', this.#pen.bold(taskTitle(task)) + this.#pen.gray(`  ${formatPosition(task.at)}`)]);
  }

  /** What is left out where only errors are asked for. */
  #tell(lines: readonly string[]): void {
    if (!this.#options.quiet) this.#print(lines);
  }

  /** Not by one argument a line: a host can print more lines than a call may have arguments. */
  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.#out.write(`${lines.join('\n')}\n`);
  }
}

function keyOf(event: { id: string; host: string }, stream: string): string {
  return `${event.id}\0${event.host}\0${stream}`;
}
