import type { Event } from '../../model/events.ts';
import { clean, oneLine, visible } from '../../diagnostics/clean.ts';

/** Fields whose texts may have several lines; `before` and `after` are compared, so they are shown exactly. */
const TEXTS: Record<string, (text: string) => string> = {
  message: clean,
  why: clean,
  hint: clean,
  stdout: clean,
  stderr: clean,
  commands: clean,
  before: visible,
  after: visible,
};

/**
 * An event as people may see it, whatever hosts and users have written into it: the first thing that every reporter
 * does but that of JSON. All other texts are names, and names stand in one line.
 */
export function readable<E extends Event>(event: E): E {
  // Lines are cleaned when they are whole: see LineBuffer.
  if (event.type === 'output') return { ...event, host: oneLine(event.host) };
  if (event.type !== 'task_end') return cleaned(event, oneLine) as E;
  const { result, ...rest } = event;
  const shown = cleaned(rest, oneLine) as E;
  // Few ask for results, and those of facts are large.
  return result === undefined
    ? shown
    : Object.defineProperty(shown, 'result', { enumerable: true, get: () => cleaned(result, clean) });
}

/** Deep, keys included; `how` is for texts of fields that {@link TEXTS} does not name. */
function cleaned(value: unknown, how: (text: string) => string): unknown {
  if (typeof value === 'string') return how(value);
  if (Array.isArray(value)) return value.map((each) => cleaned(each, how));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [oneLine(key), cleaned(each, TEXTS[key] ?? how)]),
  );
}
