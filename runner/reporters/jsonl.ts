import { formatPosition } from '../diagnostics/errors.ts';
import type { Position } from '../diagnostics/errors.ts';
import type { Event, Reporter, TaskRef } from '../model/events.ts';
import { safeJson } from '../diagnostics/clean.ts';
import type { Sink } from './options.ts';

/** One event a line, for programs: `docs/cli.md` has the fields. Places are `file:line:col`, tasks are named. */
export class JsonlReporter implements Reporter {
  readonly #out: Sink;
  readonly #results: boolean;
  readonly #tasks = new Map<string, TaskRef>();

  /** `results`: with every task's registered result and commands. */
  constructor(out: Sink, options: { results: boolean }) {
    this.#out = out;
    this.#results = options.results;
  }

  on(event: Event): void {
    if (event.type === 'task_start') this.#tasks.set(event.id, event);
    this.#out.write(`${safeJson(JSON.stringify(this.#line(event)))}\n`);
  }

  #line(event: Event): Record<string, unknown> {
    switch (event.type) {
      case 'task_start':
      case 'task_done': {
        const { type, id: _, ...rest } = event;
        return { type, ...placed(rest) };
      }
      case 'task_end': {
        const { type, id: _, result, commands, error, item, ...rest } = event;
        const line = {
          ...placed(rest),
          ...(error && { error: placed(error) }),
          ...(this.#results && { result, commands }),
        };
        // An item's end is another type, so that each host and task has one `task_end`.
        return item === undefined ? { type, ...line } : { type: 'item_end', item, ...line };
      }
      case 'host_start':
      case 'output':
      case 'sending':
      case 'retry': {
        const { type, id, host, ...rest } = event;
        return { type, host, task: this.#tasks.get(id)?.task, ...rest };
      }
      case 'play_start':
      case 'warning': {
        const { type, ...rest } = event;
        return { type, ...placed(rest) };
      }
      default:
        return { ...event };
    }
  }
}

/** The same with its place as text. */
function placed<T extends { at?: Position }>(value: T): Record<string, unknown> {
  const { at, ...rest } = value;
  return { ...rest, ...(at && { at: formatPosition(at) }) };
}
