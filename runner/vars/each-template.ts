import type { Pos } from '../errors.ts';
import { positionOf } from '../yaml/positions.ts';

/** Tells every template in a value as YAML gave it, with its place; `at` is that of the value. */
export function eachTemplate(value: unknown, at: Pos | undefined, tell: (text: string, at: Pos | undefined) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) tell(value, at);
  } else if (Array.isArray(value)) value.forEach((item, index) => eachTemplate(item, positionOf(value, index) ?? at, tell));
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) eachTemplate(item, positionOf(value, key) ?? at, tell);
  }
}
