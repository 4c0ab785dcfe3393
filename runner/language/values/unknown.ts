import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';

/** Set by the first unknown value: before it nothing has to be searched for one, and most runs never make any. */
let any = false;

/**
 * A value that a check cannot know: the result of a task that was not run, and whatever is made from it. A container
 * with `known` keys may have others, which are unknown.
 */
export class Unknown {
  /** What it comes from: `the result of the task 'x' (site.yml:5)`. */
  readonly why: string;
  readonly known?: Readonly<Record<string, unknown>>;
  /** The task would change something: what it reports beyond the known keys is missing, not in doubt. */
  readonly planned: boolean;

  constructor(why: string, known?: Readonly<Record<string, unknown>>, planned = false) {
    any = true;
    this.why = why;
    this.planned = planned;
    if (known) this.known = known;
  }

  /** The value of a key, which may be unknown as well. */
  get(key: string): unknown {
    return this.known && Object.hasOwn(this.known, key) ? this.known[key] : new Unknown(this.why);
  }

  toJSON(): unknown {
    return this.known ?? '(unknown)';
  }
}

/** Thrown where an unknown value would decide something. */
export class NotKnown extends XrunError {
  /** The last one thrown, caught since or not: what fails after it in the same expression may be guarded by it. */
  static last: NotKnown | undefined;
  readonly why: string;
  constructor(why: string, at?: Position) {
    super('E_UNKNOWN', `${why} is not known: in check mode the task has not been run`, at ? { at } : {});
    this.why = why;
    NotKnown.last = this;
  }
}

/** The value, with what a check knows of results in place of the results. Throws NotKnown where a part is unknown. */
export function settled<T>(value: T): T {
  return any ? (settle(value) as T) : value;
}

/** The first unknown part of a value, however deep. Objects that make their values when they are read are left alone. */
export function unknownIn(value: unknown): Unknown | undefined {
  if (!any) return undefined;
  try {
    settle(value);
    return undefined;
  } catch (error) {
    if (error instanceof NotKnown) return new Unknown(error.why);
    throw error;
  }
}

/** A value that is asked whether it is true: a container is, whatever its unknown keys are. */
export function decided<T>(value: T): T {
  if (value instanceof Unknown && !value.known) throw new NotKnown(value.why);
  return value;
}

function settle(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Unknown) {
    if (!value.planned) throw new NotKnown(value.why);
    return settle(value.known);
  }
  if (Array.isArray(value)) {
    const items = value.map(settle);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let changed = false;
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, descriptor]) => {
    if (!('value' in descriptor)) return [key, descriptor] as const;
    const inner = settle(descriptor.value);
    changed ||= inner !== descriptor.value;
    return [key, { ...descriptor, value: inner }] as const;
  });
  return changed ? Object.defineProperties({}, Object.fromEntries(entries)) : value;
}
