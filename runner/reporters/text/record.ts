import type { Event, Matrix, TaskRef } from '../../model/events.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** A task with how it ended on each host, items of loops included, in the order they ended. */
export interface RecordedTask {
  ref: TaskRef;
  ends: Of<'task_end'>[];
}

export interface RecordedPlay {
  start: Of<'play_start'>;
  tasks: RecordedTask[];
}

/** A whole run, kept for reports that are written at its end. Streamed output is not kept: results have it. */
export class RunRecord {
  start: Of<'run_start'> | undefined;
  end: Of<'run_end'> | undefined;
  readonly startedAt = new Date();
  readonly plays: RecordedPlay[] = [];
  readonly matrices: Matrix[] = [];
  readonly warnings: Of<'warning'>[] = [];
  #tasks = new Map<string, RecordedTask>();

  add(event: Event): void {
    switch (event.type) {
      case 'run_start':
        this.start = event;
        break;
      case 'play_start':
        this.plays.push({ start: event, tasks: [] });
        this.#tasks.clear();
        break;
      case 'task_start':
        this.#task(event);
        break;
      case 'task_end':
        this.#task(event).ends.push(event);
        break;
      case 'matrix':
        this.matrices.push(event);
        break;
      case 'warning':
        this.warnings.push(event);
        break;
      case 'run_end':
        this.end = event;
        break;
    }
  }

  #task(ref: TaskRef): RecordedTask {
    const known = this.#tasks.get(ref.id);
    if (known) return known;
    const { id, task, module, at, handler } = ref;
    const recorded: RecordedTask = { ref: { id, task, module, at, ...(handler && { handler }) }, ends: [] };
    this.#tasks.set(id, recorded);
    this.plays.at(-1)?.tasks.push(recorded);
    return recorded;
  }
}
