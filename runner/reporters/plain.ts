import { formatPosition } from '../diagnostics/errors.ts';
import type { Event, Reporter, TaskRef } from '../model/events.ts';
import { Failures } from './text/failures.ts';
import { LineBuffer } from './text/line-buffer.ts';
import { matrixLines } from './text/matrix.ts';
import type { ReportOptions, Sink } from './options.ts';
import { readable } from './text/readable.ts';
import { recapLines } from './text/recap.ts';
import { paint, style } from './text/style.ts';
import type { Style } from './text/style.ts';
import { taskEndLines } from './text/task-end.ts';
import { hostLine, inset, playHosts, retryLine, taskTitle } from './text/words.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** Appends lines, never goes back: for CI logs, files and pipes. */
export class PlainReporter implements Reporter {
  readonly #out: Sink;
  readonly #options: ReportOptions;
  readonly #pen: Style;
  readonly #failures = new Failures();
  readonly #tasks = new Map<string, TaskRef>();
  readonly #buffer = new LineBuffer();
  /** Where output was streamed it is not shown again with the failure. */
  readonly #streamed = new Set<string>();
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
        this.#under = undefined;
        return this.#print([
          '',
          this.#pen.bold(`PLAY ${event.play}`) + this.#pen.gray(`  ${formatPosition(event.at)}, ${playHosts(event)}`),
        ]);
      case 'task_start':
        this.#tasks.set(event.id, event);
        return this.#title(event.id);
      case 'output':
        return this.#output(event);
      case 'retry':
        this.#title(event.id);
        return this.#print([inset(retryLine(event))]);
      case 'task_end':
        return this.#taskEnd(event);
      case 'matrix':
        return this.#print(['', ...matrixLines(event, this.#options.columns, this.#pen)]);
      case 'warning':
        return this.#print([
          this.#pen.yellow(`warning: ${inset(event.message)}`) +
            (event.at ? this.#pen.gray(`  ${formatPosition(event.at)}`) : ''),
          ...(event.hint ? [`  hint: ${inset(event.hint)}`] : []),
        ]);
      case 'run_end':
        return this.#print([
          ...this.#failures.lines(this.#pen, this.#options, false),
          '',
          ...recapLines(event, this.#pen),
        ]);
    }
  }

  #taskEnd(event: Of<'task_end'>): void {
    this.#failures.add(event);
    this.#tasks.set(event.id, event);
    this.#title(event.id);
    for (const stream of ['stdout', 'stderr']) this.#prefixed(event.host, this.#buffer.flush(keyOf(event, stream)));
    const indent = event.item === undefined ? '' : '  ';
    const details = taskEndLines(event, this.#pen, this.#options, !this.#streamed.delete(keyOf(event, '')));
    this.#print(
      [
        paint(this.#pen, event.status, hostLine(event)) + details.inline,
        ...details.below.map((line) => `    ${line}`),
      ].map((line) => indent + line),
    );
  }

  #output(event: Of<'output'>): void {
    this.#title(event.id);
    this.#streamed.add(keyOf(event, ''));
    this.#prefixed(event.host, this.#buffer.add(keyOf(event, event.stream), event.text));
  }

  #prefixed(host: string, lines: string[]): void {
    this.#print(lines.map((line) => `${this.#pen.gray(`${host} |`)} ${line}`));
  }

  #title(id: string): void {
    if (this.#under === id) return;
    this.#under = id;
    const task = this.#tasks.get(id);
    if (task) this.#print(['', this.#pen.bold(taskTitle(task)) + this.#pen.gray(`  ${formatPosition(task.at)}`)]);
  }

  /** Not by one argument a line: a host can print more lines than a call may have arguments. */
  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.#out.write(`${lines.join('\n')}\n`);
  }
}

function keyOf(event: { id: string; host: string }, stream: string): string {
  return `${event.id}\0${event.host}\0${stream}`;
}
