import { posix } from 'node:path';
import { Pattern } from '../../../language/regex/pattern.ts';
import type { StatFields } from '../../path/stat-fields.ts';

/** One thing that `find` found, with the fields that Ansible's users read. */
export type Found = StatFields & { path: string };

export interface Terms {
  use_regex: boolean;
  patterns: string[];
  excludes: string[];
  hidden: boolean;
  age?: string | undefined;
  age_stamp: 'atime' | 'ctime' | 'mtime';
  size?: string | undefined;
  mode?: number | undefined;
  exact_mode?: boolean;
}

const SPANS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const SIZES: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `-2d` as seconds, negative where it is a most; undefined where it is none. */
export function spanOf(text: string): number | undefined {
  return measured(text, SPANS);
}

/** `10m` as bytes, negative where it is a most. */
export function sizeOf(text: string): number | undefined {
  return measured(text, SIZES);
}

/** What the host's own find does not judge: names by regular expressions, age and size to the second and the byte. */
export function matches(found: Found, terms: Terms, now: number): boolean {
  const name = posix.basename(found.path);
  if (!terms.hidden && name.startsWith('.')) return false;
  if (terms.use_regex && terms.patterns.length > 0 && !terms.patterns.some((pattern) => begins(pattern, name)))
    return false;
  if (terms.use_regex && terms.excludes.some((pattern) => begins(pattern, name))) return false;
  const bits = Number.parseInt(String(found.mode), 8);
  if (
    terms.mode !== undefined &&
    (terms.exact_mode === false ? (bits & terms.mode) !== terms.mode : bits !== terms.mode)
  )
    return false;
  return (
    fits(terms.age === undefined ? undefined : spanOf(terms.age), now - found[terms.age_stamp]) &&
    fits(terms.size === undefined ? undefined : sizeOf(terms.size), found.size)
  );
}

function fits(bound: number | undefined, value: number): boolean {
  if (bound === undefined) return true;
  return bound >= 0 && !Object.is(bound, -0) ? value >= bound : value <= Math.abs(bound);
}

function begins(pattern: string, name: string): boolean {
  return new Pattern(pattern).first(name)?.start === 0;
}

function measured(text: string, units: Record<string, number>): number | undefined {
  const [, sign, count, unit = ''] = /^([-+]?)(\d+)([a-z]?)$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  return count === undefined || factor === undefined ? undefined : Number(count) * factor * (sign === '-' ? -1 : 1);
}
