import { formatPosition } from '../diagnostics/errors.ts';
import type { Position } from '../diagnostics/errors.ts';
import type { Event, Reporter, TaskRef } from '../model/events.ts';
import { safeJson } from '../diagnostics/clean.ts';
import type { Sink } from './options.ts';

/** What each line says of its run, so that lines of several runs can be distinguished. */
export interface RunStamp {
  run_id: string;
  /** That of xrun. */
  version: string;
}

/** How lines are written. */
interface JsonlOptions extends RunStamp {
  /** With every task's registered result and commands. */
  results: boolean;
  /** The time of an event. */
  now?: () => Date;
}

/** One event a line, for programs: `xrun schema events` has the fields. Places are `file:line:col`, tasks are named. */
export class JsonlReporter implements Reporter {
  readonly #out: Sink;
  readonly #options: JsonlOptions;
  readonly #tasks = new Map<string, TaskRef>();

  constructor(out: Sink, options: JsonlOptions) {
    this.#out = out;
    this.#options = options;
  }

  on(event: Event): void {
    if (event.type === 'task_start') this.#tasks.set(event.id, event);
    const { now = () => new Date(), run_id, version } = this.#options;
    const { type, ...fields } = this.#line(event);
    const line = { type, ts: now().toISOString(), run_id, version, ...fields };
    this.#out.write(`${safeJson(JSON.stringify(line))}\n`);
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
          ...(this.#options.results && { result, commands }),
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
