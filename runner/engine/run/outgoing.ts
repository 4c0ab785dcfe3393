import type { Event, Failure, Reporter } from '../../model/events.ts';
import type { Secrets } from '../../language/vault/secrets.ts';

type Output = Extract<Event, { type: 'output' }>;
type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** Characters of a line that are waited for; what is longer goes out in pieces. */
const LONGEST_LINE = 64 * 1024;

/**
 * The one road from the engine to the reporters: output becomes whole lines, then secrets are masked in everything that
 * is free text, and every reporter gets the same. Types, statuses, names of hosts and ids of tasks are xrun's own words
 * and stay, whatever a secret is.
 */
export class Outgoing {
  readonly #reporters: readonly Reporter[];
  readonly #secrets: Secrets;
  #warned = false;
  readonly #rest = new Map<string, { pieces: string[]; size: number }>();

  constructor(reporters: readonly Reporter[], secrets: Secrets) {
    this.#reporters = reporters;
    this.#secrets = secrets;
  }

  emit(event: Event): void {
    if (event.type === 'output') return this.#output(event);
    if (event.type === 'task_end' || event.type === 'retry')
      for (const stream of ['stdout', 'stderr'] as const)
        this.#flush({ type: 'output', id: event.id, host: event.host, stream, text: '' });
    if (this.#secrets.anyShort && !this.#warned) {
      this.#warned = true;
      this.#send({
        type: 'warning',
        message: 'a secret of fewer than 4 characters is masked only where it is the whole of a text',
        hint: 'Choose a longer one, or set `no_log: true` where it may be shown.',
      });
    }
    this.#send(masked(event, this.#secrets));
  }

  #output(event: Output): void {
    const key = keyOf(event);
    const rest = this.#rest.get(key) ?? { pieces: [], size: 0 };
    rest.pieces.push(event.text);
    rest.size += event.text.length;
    if (!/[\r\n]/.test(event.text) && rest.size <= LONGEST_LINE) return void this.#rest.set(key, rest);
    const text = rest.pieces.join('');
    // A carriage return ends a step of a progress bar: who watches is to see it move.
    const lines = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    const open = this.#secrets.redact(text.slice(lines));
    // Of a line without an end, what may be the beginning of a secret waits.
    const over = open.length > LONGEST_LINE ? open.length - this.#secrets.reach : 0;
    const kept = open.slice(over);
    if (kept) this.#rest.set(key, { pieces: [kept], size: kept.length });
    else this.#rest.delete(key);
    this.#send({ ...event, text: this.#secrets.redact(text.slice(0, lines)) + open.slice(0, over) });
  }

  #flush(event: Output): void {
    const rest = this.#rest.get(keyOf(event));
    if (!rest) return;
    this.#rest.delete(keyOf(event));
    this.#send({ ...event, text: this.#secrets.redact(rest.pieces.join('')) });
  }

  #send(event: Event): void {
    if (event.type === 'output' && event.text === '') return;
    for (const reporter of this.#reporters) reporter.on(event);
  }
}

function keyOf({ id, host, stream }: Output): string {
  return JSON.stringify([id, host, stream]);
}

function masked(event: Event, secrets: Secrets): Event {
  if (secrets.none) return event;
  switch (event.type) {
    case 'task_end':
      return maskedEnd(event, secrets);
    case 'retry':
      return { ...event, why: secrets.redact(event.why) };
    case 'warning':
      return {
        ...event,
        message: secrets.redact(event.message),
        ...(event.hint && { hint: secrets.redact(event.hint) }),
      };
    case 'matrix':
      return {
        ...event,
        title: secrets.redact(event.title),
        cells: event.cells.map((row) => row.map((cell) => ({ ...cell, text: secrets.redact(cell.text) }))),
      };
    default:
      return event;
  }
}

function maskedEnd(event: TaskEnd, secrets: Secrets): TaskEnd {
  const { item, diff, error, message, result, commands } = event;
  return {
    ...event,
    ...(item !== undefined && { item: secrets.redact(item) }),
    ...(diff && {
      diff: secrets
        .redactDeep(diff.map(({ what, before, after }) => [what, before, after]))
        .map(([what, before, after]) => ({ what: what ?? '', before: before ?? null, after: after ?? null })),
    }),
    ...(error && { error: maskedFailure(error, secrets) }),
    ...(message !== undefined && { message: secrets.redact(message) }),
    ...(result && { result: maskedResult(result, secrets) }),
    ...(commands && { commands: secrets.redactDeep(commands) }),
  };
}

function maskedFailure(error: Failure, secrets: Secrets): Failure {
  const texts = (['message', 'hint', 'stdout', 'stderr'] as const).filter((name) => error[name] !== undefined);
  return { ...error, ...Object.fromEntries(texts.map((name) => [name, secrets.redact(error[name]!)])) };
}

/** The fields of a result are the module's own words, and so are those of a loop's results; what is in them is not. */
function maskedResult(result: Record<string, unknown>, secrets: Secrets): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => {
      if (name === 'results' && Array.isArray(value))
        return [name, value.map((each) => (isRecord(each) ? maskedResult(each, secrets) : secrets.redactDeep(each)))];
      return [name, typeof value === 'number' ? value : secrets.redactDeep(value)];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
