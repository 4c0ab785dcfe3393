import * as z from 'zod';

/** Nanoseconds of each unit, as Go writes durations. */
const UNITS: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86400e9 };
const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/;
const EXPECTED = 'expected a duration such as 10s or 1h30m';

/** A time as Docker takes it, `1h30m` or `500ms` (a number is seconds), in nanoseconds. */
export const duration = z
  .union(
    [z.number().min(0), z.string().regex(/^\d+(\.\d+)?$|^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/, EXPECTED)],
    EXPECTED,
  )
  .transform((value) => nanoseconds(String(value)));

function nanoseconds(text: string): number {
  if (!DURATION.test(text)) return Math.round(Number(text) * 1e9);
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g))
    total += Number(amount) * (UNITS[unit as string] as number);
  return Math.round(total);
}

/** Nanoseconds as Docker's commands take them. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds % 1e9 === 0) return `${nanoseconds / 1e9}s`;
  return nanoseconds % 1e6 === 0 ? `${nanoseconds / 1e6}ms` : `${nanoseconds}ns`;
}
