import { isDeepStrictEqual } from 'node:util';
import { Absent, BadArgument } from './helper.ts';

/** The value at `a.b` of an item; null where it is missing, or an error where it is `needed`. */
export function inside(item: unknown, path: string, needed: boolean): unknown {
  let value = item;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      if (needed) throw new BadArgument(`finds an item without '${path}'`, 1);
      return null;
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Whether a list has an item, compared by what it holds. */
export function holds(items: unknown[], wanted: unknown): boolean {
  return items.some((item) => isDeepStrictEqual(item, wanted));
}

/** The list itself, which must not be empty. */
export function some<T>(items: T[]): T[] {
  if (items.length === 0) throw new Absent('expects a list with items, found an empty one');
  return items;
}
