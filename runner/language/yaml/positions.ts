import type { Position } from '../../diagnostics/errors.ts';
import { placeWithin, posOf } from './place.ts';
import type { Place } from './place.ts';

type Key = string | number;

/** The places of a container's entries; `self` is the container's own. */
interface Entries {
  self: Place;
  keys: Map<Key, { key: Place; value: Place }>;
}

/** Keyed by identity, so that values stay plain objects and arrays. */
const positions = new WeakMap<object, Entries>();

/** Notes the position of a container. Called by the loaders. */
export function placeContainer(container: object, self: Place): void {
  positions.set(container, { self, keys: new Map() });
}

/** Notes the position of an entry of a placed container; for list items the key's place is the value's. */
export function placeEntry(container: object, key: Key, keyPlace: Place, value: Place): void {
  positions.get(container)?.keys.set(key, { key: keyPlace, value });
}

/** The position of an entry (or, without a key, of the container), as offsets. */
export function placeOf(container: unknown, key?: Key, part: 'key' | 'value' = 'value'): Place | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  const entries = positions.get(container);
  return key === undefined ? entries?.self : entries?.keys.get(key)?.[part];
}

/**
 * The position of something that came out of `loadYaml`.
 *
 * @param container an object or array, the very one that was loaded
 * @param key a key or an index in it; the container itself where not given
 * @param part the key's own place or its value's (the default)
 */
export function positionOf(container: unknown, key?: Key, part: 'key' | 'value' = 'value'): Position | undefined {
  const place = placeOf(container, key, part);
  return place && posOf(place);
}

/** The position of the characters from `offset` to `end` of the string at `key`, whatever its YAML style. */
export function positionWithin(container: object, key: Key, offset: number, end = offset + 1): Position | undefined {
  const place = placeOf(container, key);
  return place && posOf(placeWithin(place, offset, end));
}

/** Lets `to`, an object or array made from `from`, answer for the places of the entries that both have. */
export function keepPositions<T extends object>(to: T, from: object): T {
  const entries = positions.get(from);
  if (!entries) return to;
  if (!positions.has(to)) placeContainer(to, entries.self);
  for (const [key, { key: keyPlace, value }] of entries.keys) {
    if (Object.hasOwn(to, key)) placeEntry(to, key, keyPlace, value);
  }
  return to;
}
