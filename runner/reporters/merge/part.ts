import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Event, TaskRef } from '../../model/events.ts';
import { eventSchema } from '../jsonl-schema.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;
type Line = Record<string, unknown> & { type: string; ts: string; at?: string };

/** What one controller reported of its shard. */
export interface Part {
  file: string;
  /** When it began, as text that sorts. */
  began: string;
  start: Of<'run_start'>;
  events: Event[];
  /** Undefined where the report ends before the run did. */
  end: Of<'run_end'> | undefined;
}

/**
 * The events of a `--jsonl` file. A last line without its end is left out: its writer was stopped.
 *
 * @throws XrunError E_REPORT for what xrun has not written
 */
export function readPart(file: string, text: string): Part {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const tasks = new Map<string, string>();
  const events: Event[] = [];
  let began = '';
  for (const [i, json] of lines.entries()) {
    if (json === '') continue;
    const line = parsed(json, { file, line: i + 1, col: 1 });
    began ||= line.ts;
    events.push(eventOf(line, tasks));
  }
  const start = events.find((event) => event.type === 'run_start');
  if (!start) throw new XrunError('E_REPORT', `${file} is not the report of a run: it has no run_start`, { hint });
  return { file, began, start, events, end: events.find((event) => event.type === 'run_end') };
}

const hint = 'Expected a file that `xrun ... --jsonl FILE` has written.';

function parsed(json: string, at: Position): Line {
  try {
    const line = JSON.parse(json) as Line;
    eventSchema.parse(line);
    return line;
  } catch (cause) {
    throw new XrunError('E_REPORT', `${at.file} is not a report of xrun`, { at, cause, hint });
  }
}

/** The event that a line was written from; `tasks` has the ids of tasks by their names. */
function eventOf(line: Line, tasks: Map<string, string>): Event {
  const { ts: _, run_id: __, version: ___, ...fields } = line;
  const error = fields.error as { at?: string } | undefined;
  const event: Record<string, unknown> = {
    ...fields,
    ...(fields.type === 'item_end' && { type: 'task_end' }),
    ...(fields.at !== undefined && { at: positionOf(fields.at) }),
    ...(error && { error: { ...error, ...(error.at !== undefined && { at: positionOf(error.at) }) } }),
  };
  if (!('task' in event)) return event as unknown as Event;
  const name = String(event.task);
  // Output names its task only: it is that of the one which began last.
  const id = event.at ? JSON.stringify([fields.at, name, event.handler ?? false]) : (tasks.get(name) ?? name);
  tasks.set(name, id);
  return { ...event, id } as unknown as Event;
}

function positionOf(text: string): Position {
  const [, file = text, line = '1', col = '1'] = /^(.*):(\d+):(\d+)$/s.exec(text) ?? [];
  return { file, line: Number(line), col: Number(col) };
}

/** Whether an event is one of a task. */
export function isOfTask(event: Event): event is Extract<Event, { id: string }> & Partial<TaskRef> {
  return 'id' in event;
}
