import type { Event, Reporter } from '../model/events.ts';

/** How long a play may stand still before it is shown as far as it has come, in milliseconds. */
const PATIENCE_MS = 300;

/**
 * Shows a play whose tasks were all skipped on all hosts as one line instead of one for each task and host: it holds a
 * play back until something in it is not skipped, or takes its time.
 */
export class Folding implements Reporter {
  readonly #inner: Reporter;
  #held: Event[] = [];
  #impatience: NodeJS.Timeout | undefined;

  constructor(inner: Reporter) {
    this.#inner = inner;
  }

  on(event: Event): void {
    if (event.type === 'play_start' || event.type === 'run_end') this.#fold();
    if (event.type === 'play_start') this.#held = [event];
    else if (this.#held.length > 0 && isQuiet(event)) this.#held.push(event);
    else return this.#emit(event);
    this.#impatience ??= setTimeout(() => this.#unfold(), PATIENCE_MS);
    this.#impatience.refresh();
  }

  async quiet(): Promise<void> {
    this.#unfold();
    await this.#inner.quiet?.();
  }

  async close(): Promise<void> {
    this.#unfold();
    await this.#inner.close?.();
  }

  #emit(event: Event): void {
    this.#unfold();
    this.#inner.on(event);
  }

  /** What is held is over: if it was nothing but skipped tasks, its title is enough. */
  #fold(): void {
    const [start, ...rest] = this.#held;
    if (start?.type === 'play_start' && rest.some((event) => event.type === 'task_end'))
      this.#held = [{ ...start, skipped: true }];
    this.#unfold();
  }

  #unfold(): void {
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#inner.on(event);
  }
}

/** The events of a skipped task, from its start to its end. */
function isQuiet(event: Event): boolean {
  return (
    ['task_start', 'host_start', 'task_done'].includes(event.type) ||
    (event.type === 'task_end' && event.status === 'skipped')
  );
}
