import { kindOf } from '../../values/undefined.ts';
import { BadArgument } from './helper.ts';

/** The argument at `index` as a list. */
export function list(args: unknown[], index = 0): unknown[] {
  const value = args[index];
  if (!Array.isArray(value)) throw wrong('a list', value, index);
  return value;
}

/** The argument at `index` as a mapping. */
export function mapping(args: unknown[], index = 0): Record<string, unknown> {
  const value = args[index];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('a mapping', value, index);
  return value as Record<string, unknown>;
}

/** The argument at `index` as text; numbers and booleans are written out. */
export function text(args: unknown[], index = 0): string {
  const value = args[index];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw wrong('text', value, index);
}

/** The argument at `index` as a number; text that is a number counts as one. */
export function number(args: unknown[], index = 0): number {
  const value = args[index];
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof found !== 'number' || Number.isNaN(found)) throw wrong('a number', value, index);
  return found;
}

/** The argument at `index` as a whole number. */
export function integer(args: unknown[], index = 0): number {
  const found = number(args, index);
  if (!Number.isInteger(found)) throw wrong('a whole number', args[index], index);
  return found;
}

function wrong(wanted: string, value: unknown, index: number): BadArgument {
  const shown = typeof value === 'string' ? `text ${JSON.stringify(value.slice(0, 40))}` : kindOf(value);
  return new BadArgument(`expects ${wanted}, found ${shown}`, index);
}
