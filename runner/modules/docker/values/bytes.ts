import * as z from 'zod';

const UNITS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const SIZE = /^(\d+(?:\.\d+)?)\s?([kmgt]?)(?:i?b)?$/i;
const size = z.string().regex(SIZE, 'expected bytes such as 64m or 67108864');

/** A number of bytes: digits, or with one of Docker's units (`64m`, `1.5GiB`), which are powers of 1024; parts of a byte are dropped, as Docker does (go-units). */
export const bytes = z
  .union([z.number().min(0), size], 'expected bytes such as 64m or 67108864')
  .transform((value) => sizeOf(String(value)));

/** The same; `-1` and `unlimited` are -1. */
export const bytesOrUnlimited = z
  .union(
    [z.literal(-1), z.literal('-1'), z.literal('unlimited'), z.number().min(0), size],
    'expected bytes such as 64m, or -1 for no limit',
  )
  .transform((value) => (value === -1 || value === '-1' || value === 'unlimited' ? -1 : sizeOf(String(value))));

function sizeOf(text: string): number {
  const [, amount, unit = ''] = SIZE.exec(text) as RegExpExecArray;
  return Math.trunc(Number(amount) * (UNITS[unit.toLowerCase()] as number));
}
