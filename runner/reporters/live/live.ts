import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event, Reporter } from '../../model/events.ts';
import { Failures } from '../text/failures.ts';
import { drawTask } from './live-list.ts';
import type { Screen } from './live-list.ts';
import { matrixLines } from '../text/matrix.ts';
import type { ReportOptions } from '../options.ts';
import { readable } from '../text/readable.ts';
import { recapTable } from '../text/recap-table.ts';
import { style } from '../text/style.ts';
import type { Style } from '../text/style.ts';
import { detailLines } from '../text/task-end.ts';
import { TaskView } from '../text/task-view.ts';
import { duration, hostLine, inset, playHosts, plural, retryLine, sendingLine } from '../text/words.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** What is drawn one after the other: finished text, and tasks that move until they are done. */
type Entry =
  | { text: string[] }
  | { view: TaskView; done: Promise<void>; finish: () => void; details: string[]; still?: Still };
/** A task that may ask a person: what moves would draw over the question. */
interface Still {
  drawn: Promise<void>;
  draw: () => void;
}
type TaskEntry = Extract<Entry, { view: TaskView }>;

/**
 * For a person who watches. Tasks are drawn in the order they began: the first unfinished one moves, later ones that
 * some hosts have already reached are shown below it, finished ones scroll away.
 */
export class LiveReporter implements Reporter {
  readonly #screen: Screen;
  readonly #options: ReportOptions;
  readonly #pen: Style;
  readonly #failures = new Failures();
  readonly #open = new Map<string, TaskEntry>();
  readonly #queue: Entry[] = [];
  #notice: string | undefined;
  readonly #began = Date.now();
  /** Tasks of the play, and which of them have begun. */
  #tasks = 0;
  readonly #seen = new Set<string>();
  #drawing: Promise<void> | undefined;

  constructor(screen: Screen, options: ReportOptions) {
    this.#screen = screen;
    this.#options = options;
    this.#pen = style(options.color);
  }

  on(raw: Event): void {
    const event = readable(raw);
    switch (event.type) {
      case 'play_start':
        this.#tasks = event.tasks ?? 0;
        this.#seen.clear();
        return this.#enqueue({
          text: ['', this.#pen.bold(event.play) + this.#pen.gray(`  ${playHosts(event)}  ${formatPosition(event.at)}`)],
        });
      case 'task_start':
        return this.#taskStart(event);
      case 'host_start':
        return this.#open.get(event.id)?.view.start(event.host);
      case 'output':
        return this.#open.get(event.id)?.view.output(event.host, event.stream, event.text);
      case 'sending':
        return this.#open.get(event.id)?.view.say(event.host, sendingLine(event));
      case 'retry':
        return this.#open.get(event.id)?.view.say(event.host, retryLine(event));
      case 'task_end':
        return this.#taskEnd(event);
      case 'task_done':
        return this.#taskDone(event.id);
      case 'matrix':
        return this.#enqueue({
          text: ['', ...matrixLines(event, this.#screen.columns ?? this.#options.columns, this.#pen)],
        });
      case 'warning':
        return this.#warning(event);
      case 'run_end':
        this.#finishAll();
        return this.#enqueue({
          text: [
            ...this.#failures.lines(this.#pen, this.#options, true),
            '',
            ...recapTable(event, this.#pen, this.#screen.columns ?? this.#options.columns),
          ],
        });
    }
  }

  async quiet(): Promise<void> {
    const asks = [...this.#open.values()].find((entry) => entry.still);
    await (asks?.still?.drawn ?? this.#drawing);
  }

  async close(): Promise<void> {
    this.#finishAll();
    await this.#drawing;
  }

  #taskStart(event: Of<'task_start'>): void {
    const open = this.#open.get(event.id);
    if (open) return open.view.expect(event.hosts);
    if (!event.handler) this.#seen.add(event.id);
    let finish = () => {};
    const done = new Promise<void>((resolve) => (finish = resolve));
    const entry = {
      view: new TaskView(event, event.hosts),
      done,
      finish,
      details: [],
      ...(event.module === 'pause' && { still: still() }),
    };
    this.#open.set(event.id, entry);
    this.#enqueue(entry);
  }

  #taskEnd(event: Of<'task_end'>): void {
    this.#failures.add(event);
    const entry = this.#open.get(event.id);
    if (!entry) return;
    entry.view.end(event);
    const below = detailLines(event, this.#pen, this.#options);
    const said = event.message === undefined || !this.#speaks(event) ? [] : event.message.split('\n');
    if (below.length + said.length > 0)
      entry.details = [...entry.details, hostLine(event), ...[...said, ...below].map((line) => `  ${line}`)];
  }

  /** Why a task was skipped is worth its line only to those who ask; what debug prints and why it is unknown is to all. */
  #speaks(event: Of<'task_end'>): boolean {
    return this.#options.verbosity > 0 || event.status === 'unknown' || event.module === 'debug';
  }

  #taskDone(id: string): void {
    this.#open.get(id)?.finish();
    this.#open.delete(id);
  }

  #finishAll(): void {
    for (const id of [...this.#open.keys()]) this.#taskDone(id);
  }

  #warning(event: Of<'warning'>): void {
    const text =
      this.#pen.yellow(`warning: ${inset(event.message)}`) +
      (event.at ? this.#pen.gray(`  ${formatPosition(event.at)}`) : '');
    // It must be seen now, whatever the task that is being drawn still waits for.
    this.#notice = this.#drawing ? text : undefined;
    this.#enqueue({ text: [text, ...(event.hint ? [`  hint: ${inset(event.hint)}`] : [])] });
  }

  #enqueue(entry: Entry): void {
    this.#queue.push(entry);
    this.#drawing ??= this.#draw();
  }

  async #draw(): Promise<void> {
    // Events come in bursts: what belongs together is then there when drawing begins.
    await undefined;
    for (let entry = this.#queue.shift(); entry; entry = this.#queue.shift()) {
      if ('view' in entry) await this.#drawEntry(entry);
      else this.#write(entry.text);
    }
    this.#notice = undefined;
    this.#drawing = undefined;
  }

  async #drawEntry(entry: TaskEntry): Promise<void> {
    if (entry.still) await this.#standStill(entry, entry.still);
    else
      await drawTask({
        view: entry.view,
        done: entry.done,
        below: () => this.#below(),
        screen: this.#screen,
        pen: this.#pen,
      });
    this.#write([...entry.view.doneLines(this.#pen), ...entry.details].map((line) => `    ${line}`));
  }

  async #standStill(entry: TaskEntry, { draw }: Still): Promise<void> {
    this.#write([entry.view.headline(this.#pen, false)]);
    draw();
    await entry.done;
  }

  /** Tasks that some hosts are at already, while others still hold the first one up; and what must be seen now. */
  #below(): string[] {
    const ahead = this.#queue
      .filter((entry) => 'view' in entry)
      .map((entry) => this.#pen.gray(`next: ${entry.view.headline(this.#pen, true)}`));
    return [...ahead.slice(0, 3), ...(this.#notice ? [this.#notice] : []), this.#pen.gray(this.#progress())];
  }

  /** `task 3 of 12, 66 hosts running, 1 min 3 s`. */
  #progress(): string {
    const seen = this.#seen.size;
    const running = [...this.#open.values()].reduce((sum, { view }) => sum + view.running, 0);
    return [
      // Included tasks and those of facts come on top of what was known.
      seen === 0 ? '' : seen <= this.#tasks ? `task ${seen} of ${this.#tasks}` : `task ${seen}`,
      `${plural(running, 'host')} running`,
      duration(Math.floor((Date.now() - this.#began) / 1000) * 1000),
    ]
      .filter(Boolean)
      .join(', ');
  }

  #write(lines: string[]): void {
    if (lines.length > 0) this.#screen.write(`${lines.join('\n')}\n`);
  }
}

function still(): Still {
  let draw = () => {};
  const drawn = new Promise<void>((resolve) => (draw = resolve));
  return { drawn, draw };
}
