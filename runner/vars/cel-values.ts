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

/** A variable's value as CEL wants it: whole numbers are ints, so that 1 is 1 and not 1.0. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return toCelNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const result = lazy.has(value) ? lazyCopy(value as Record<string, unknown>) : copy(value);
  converted.set(value, result);
  return result;
}

/** What a function of ours gets: plain numbers again. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (typeof value !== 'object' || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [String(key), fromCel(inner)]));
}

function toCelNumber(value: number): number | bigint {
  if (!Number.isInteger(value)) return value;
  const int = BigInt(value);
  return int >= least && int <= most ? int : value;
}

function copy(value: object): unknown {
  if (Array.isArray(value)) return value.map(toCel);
  if (!(Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
}

function lazyCopy(value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, { enumerable = false }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    Object.defineProperty(result, key, { enumerable, get: () => toCel(value[key]) });
  }
  return result;
}
