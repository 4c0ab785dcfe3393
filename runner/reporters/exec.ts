import type { Event, Reporter } from '../model/events.ts';
import { LineBuffer } from './text/line-buffer.ts';
import type { ReportOptions, Sink } from './options.ts';
import { readable } from './text/readable.ts';
import { paint, style } from './text/style.ts';
import type { Style } from './text/style.ts';
import { detailLines } from './text/task-end.ts';
import { failureLines, inset, plural } from './text/words.ts';

/** For one command on many hosts: its output with the host before each line; what went wrong on stderr. */
export class ExecReporter implements Reporter {
  readonly #out: Sink;
  readonly #err: Sink;
  readonly #pen: Style;
  readonly #buffer = new LineBuffer();
  readonly #streamed = new Set<string>();

  readonly #options: ReportOptions & { statuses?: boolean };

  /** @param options.statuses how the task ended on each host, and its differences, are shown too */
  constructor(out: Sink, err: Sink, options: ReportOptions & { statuses?: boolean }) {
    this.#out = out;
    this.#err = err;
    this.#options = options;
    this.#pen = style(options.color);
  }

  on(raw: Event): void {
    const event = readable(raw);
    if (event.type === 'output') {
      this.#streamed.add(event.host);
      this.#lines(event.stream, event.host, this.#buffer.add(event.host + event.stream, event.text));
    } else if (event.type === 'task_end') this.#end(event);
    else if (event.type === 'warning') this.#err.write(`${this.#pen.yellow(`warning: ${inset(event.message)}`)}\n`);
    else if (event.type === 'run_end') this.#summary(event);
  }

  #end(event: Extract<Event, { type: 'task_end' }>): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#lines(stream, event.host, this.#buffer.flush(event.host + stream));
      const text = event.result?.[stream];
      // Short output may come with the result only.
      if (!this.#streamed.has(event.host) && typeof text === 'string' && text)
        this.#lines(stream, event.host, text.replace(/\n$/, '').split('\n'));
    }
    if (this.#options.statuses) this.#lines('stdout', event.host, this.#statusLines(event));
    if (event.error)
      this.#lines('stderr', event.host, failureLines(event.error, { output: false }), (text) => this.#pen.red(text));
  }

  /** `changed`, what the module says, and what it changes. */
  #statusLines(event: Extract<Event, { type: 'task_end' }>): string[] {
    const [said, ...more] = event.message?.split('\n') ?? [];
    const status = paint(this.#pen, event.status, event.status);
    return [said ? `${status}: ${said}` : status, ...more, ...detailLines(event, this.#pen, this.#options)];
  }

  #lines(stream: 'stdout' | 'stderr', host: string, lines: string[], paint = (text: string) => text): void {
    const text = lines.map((line) => `${this.#pen.gray(`${host} |`)} ${paint(line)}\n`).join('');
    if (text) (stream === 'stdout' ? this.#out : this.#err).write(text);
  }

  #summary({ stats }: Extract<Event, { type: 'run_end' }>): void {
    const all = Object.values(stats);
    const failed = all.filter((each) => each.failed + each.unreachable > 0).length;
    if (failed > 0) this.#err.write(`${this.#pen.red(`failed on ${failed} of ${plural(all.length, 'host')}`)}\n`);
  }
}
