import { NotKnown, Unknown } from '../values/unknown.ts';

/** Objects whose values are made when they are read (hostvars): they must not be copied as a whole. */
const lazy = new WeakSet<object>();
const converted = new WeakMap<object, unknown>();

/** Int64, the range of CEL's `int`. */
const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Marks an object as one whose values are getters; returns it. */
export function markLazy<T extends object>(object: T): T {
  lazy.add(object);
  return object;
}

/**
 * A variable's value as CEL wants it: whole numbers are ints, so that 1 is 1 and not 1.0; mappings are Maps, so that a
 * key called `constructor` is a key. Throws NotKnown for an unknown value.
 */
export function toCel(value: unknown): unknown {
  const result = convert(value);
  if (result instanceof Unknown) throw new NotKnown(result.why);
  return result;
}

/** What a function of ours gets: plain values again. Throws NotKnown where a part is unknown. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (typeof value !== 'object' || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [String(key), fromCel(inner)]));
}

/** As `toCel`, but an unknown value stays one: a container may hold it as long as it is not read. */
function convert(value: unknown): unknown {
  if (typeof value === 'number') return toCelNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Unknown && !value.known) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = copy(value);
  converted.set(value, result);
  return result;
}

function toCelNumber(value: number): number | bigint {
  if (!Number.isInteger(value)) return value;
  const int = BigInt(value);
  return int >= least && int <= most ? int : value;
}

function copy(value: object): unknown {
  if (Array.isArray(value)) return list(value.map(convert));
  if (value instanceof Unknown) return new OpenMapping(value);
  if (lazy.has(value)) return new LazyMapping(value as Record<string, unknown>);
  if (!(Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null))
    return String(value);
  const entries = Object.entries(value).map(([key, inner]) => [key, convert(inner)] as const);
  return entries.some(([, inner]) => inner instanceof Unknown) ? new Guarded(entries) : new Map(entries);
}

function list(items: unknown[]): unknown[] {
  for (const [i, item] of items.entries()) {
    if (item instanceof Unknown) Object.defineProperty(items, i, { enumerable: true, get: () => refuse(item) });
  }
  return items;
}

function refuse({ why }: Unknown): never {
  throw new NotKnown(why);
}

/** A mapping with unknown values: reading one of them throws. */
class Guarded extends Map<string, unknown> {
  override get(key: string): unknown {
    const value = super.get(key);
    return value instanceof Unknown ? refuse(value) : value;
  }

  override entries(): MapIterator<[string, unknown]> {
    // cel-js asks for the first entry to learn the values' type: any will do.
    return new Map<string, unknown>().entries();
  }

  override *[Symbol.iterator](): MapIterator<[string, unknown]> {
    for (const key of this.keys()) yield [key, this.get(key)];
  }
}

/** The result of a task that has not been run: what is not known to be there may be there. */
class OpenMapping extends Guarded {
  readonly #open: Unknown;

  constructor(open: Unknown) {
    super(Object.entries(open.known ?? {}).map(([key, inner]) => [key, convert(inner)]));
    this.#open = open;
  }

  override get(key: string): unknown {
    return super.has(key) ? super.get(key) : refuse(this.#open);
  }

  override has(key: string): boolean {
    return super.has(key) ? super.get(key) !== undefined : refuse(this.#open);
  }

  override get size(): number {
    return this.#open.planned ? super.size : refuse(this.#open);
  }

  override *[Symbol.iterator](): MapIterator<[string, unknown]> {
    if (!this.#open.planned) refuse(this.#open);
    yield* super[Symbol.iterator]();
  }
}

/** A mapping whose values are made when they are read. */
class LazyMapping extends Guarded {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    super();
    this.#values = values;
  }

  override get(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? toCel(this.#values[key]) : undefined;
  }

  override has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  override keys(): MapIterator<string> {
    return Object.keys(this.#values).values() as MapIterator<string>;
  }

  override get size(): number {
    return Object.keys(this.#values).length;
  }
}

// cel-js recognizes the type of a value by its constructor.
for (const kind of [Guarded, OpenMapping, LazyMapping])
  Object.defineProperty(kind.prototype, 'constructor', { value: Map });
