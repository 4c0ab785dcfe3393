import { kindOf } from '../../../values/undefined.ts';
import { pythonText } from '../../../values/python-text.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { helper } from '../table.ts';
import { integer, number, text } from '../take.ts';

/** What Python's operators make of numbers, texts and lists. */
export const arithmetic: HelperGroup = {
  title: 'As Python calculates',
  helpers: [
    helper(
      'plus a b...',
      'The sum of numbers; texts or lists one behind the other.',
      ['{{plus "a" "b"}}', 'ab'],
      (args) => args.reduce(plus),
    ),
    helper('times a b', 'The product; a text or a list so many times.', ['{{times "ab" 2}}', 'abab'], ([a, b]) =>
      times(a, b),
    ),
    helper(
      'cat a b...',
      'The values as one text, as `~` of Jinja makes it.',
      ['{{cat "a" 1 true}}', 'a1True'],
      (args) => args.map(pythonText).join(''),
    ),
    helper('intDiv number number', 'The first divided by the second, rounded down.', ['{{intDiv 7 2}}', 3], (args) => {
      if (number(args, 1) === 0) throw new BadArgument('cannot divide by 0', 1);
      return Math.floor(number(args) / number(args, 1));
    }),
    helper('floor number', 'Rounded down.', ['{{floor 1.5}}', 1], (args) => Math.floor(number(args))),
    helper('ceil number', 'Rounded up.', ['{{ceil 1.5}}', 2], (args) => Math.ceil(number(args))),
    helper('pow number exponent', 'To the power.', ['{{pow 2 10}}', 1024], (args) => number(args) ** number(args, 1)),
    helper('root number degree?', 'The square root, or that of a degree.', ['{{root 9}}', 3], (args) =>
      args.length > 1 && number(args, 1) !== 2 ? number(args) ** (1 / number(args, 1)) : Math.sqrt(number(args)),
    ),
    helper('log number base?', 'The natural logarithm, or that of a base.', ['{{log 8 2}}', 3], (args) =>
      args.length > 1 ? logarithm(number(args), number(args, 1)) : Math.log(number(args)),
    ),
    helper(
      'toInt value other?',
      'As a whole number; the other, or 0, where it is none.',
      ['{{toInt "7a"}}', 0],
      ([value, other = 0]) => toInt(value, other),
    ),
    helper(
      'toFloat value other?',
      'As a number; the other, or 0, where it is none.',
      ['{{toFloat "1.5"}}', 1.5],
      ([value, other = 0]) => {
        const found = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value ?? Number.NaN);
        return Number.isNaN(found) ? other : found;
      },
    ),
    helper(
      'toBool value',
      "Ansible's bool: yes, on, true and 1 are true, and anything else is false.",
      ['{{toBool "yes"}}', true],
      ([value]) => (value === null ? null : /^(yes|on|true|1|1\.0)$/i.test(String(value))),
    ),
    helper(
      'humanReadable bytes',
      'A number of bytes in the greatest unit; with isbits=true of bits.',
      ['{{humanReadable 1048576}}', '1.00 MB'],
      (args, { named }) => humanReadable(number(args), named.isbits === true, named.unit),
      { named: { isbits: 'true: bits', unit: 'the unit to use: K, M, G...' } },
    ),
    helper(
      'humanToBytes text unit?',
      'The number of bytes that a size says.',
      ['{{humanToBytes "1.5 MB"}}', 1572864],
      (args) => humanToBytes(text(args), args.length > 1 ? text(args, 1) : ''),
    ),
  ],
};

function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...(a as unknown[]), ...(b as unknown[])];
  throw new BadArgument(`expects numbers, texts or lists, found ${kindOf(a)} and ${kindOf(b)}`, 1);
}

function times(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b !== 'number') return times(b, a);
  if (typeof a === 'string') return a.repeat(Math.max(0, integer([a, b], 1)));
  if (Array.isArray(a)) return Array.from({ length: Math.max(0, integer([a, b], 1)) }, () => a as unknown[]).flat();
  return number([a]) * number([a, b], 1);
}

function toInt(value: unknown, other: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  const found =
    typeof value === 'string' && /^\s*[+-]?[\d_]+(\.\d*)?([eE][+-]?\d+)?\s*$/.test(value)
      ? Number(value.replaceAll('_', ''))
      : value;
  return typeof found === 'number' && Number.isFinite(found) ? Math.trunc(found) : other;
}

function logarithm(value: number, base: number): number {
  if (base === 2) return Math.log2(value);
  return base === 10 ? Math.log10(value) : Math.log(value) / Math.log(base);
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function humanReadable(bytes: number, bits: boolean, unit: unknown): string {
  const wanted = typeof unit === 'string' ? UNITS.indexOf(unit.slice(0, 1).toUpperCase()) : -1;
  const greatest = UNITS.findLastIndex((_, i) => bytes >= 1024 ** i);
  const at = wanted >= 0 ? wanted : Math.max(0, greatest);
  const name = at === 0 ? (bits ? 'bits' : 'Bytes') : `${UNITS[at]}${bits ? 'b' : 'B'}`;
  return `${(bytes / 1024 ** at).toFixed(2)} ${name}`;
}

function humanToBytes(size: string, unit: string): number {
  const [, digits = '', found = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?\s*$/.exec(size) ?? [];
  const name = (found || unit).slice(0, 1).toUpperCase();
  const at = name === '' || name === 'B' ? 0 : UNITS.indexOf(name);
  if (digits === '' || at < 0) throw new BadArgument(`expects a size such as 10M, found '${size}'`);
  return Math.round(Number(digits) * 1024 ** at);
}
