import { call, literal, operator } from '../target/term.ts';
import { boolean, list, number, text, unknown } from '../types.ts';
import { arg, helper } from './arguments.ts';
import type { Translation } from './arguments.ts';
import { pairs } from './value-filters.ts';

/** Python's methods of values, by their names. */
const table: Readonly<Record<string, Translation>> = {
  get: (of, args) => call('get', [of, ...args.positional], unknown),
  keys: (of) => call('keys', [of], { kind: 'list', item: text }),
  values: (of) => call('values', [of], list),
  items: pairs,
  iteritems: pairs,
  copy: (of) => of,
  split: helper('split', 'sep', { kind: 'list', item: text }),
  rsplit: helper('rsplit', 'sep maxsplit', { kind: 'list', item: text }),
  splitlines: helper('splitlines', '', { kind: 'list', item: text }),
  join: (of, args) => call('join', [args.positional[0] ?? literal(''), of], text),
  strip: helper('strip', 'chars', text),
  lstrip: helper('lstrip', 'chars', text),
  rstrip: helper('rstrip', 'chars', text),
  lower: helper('lower', '', text),
  upper: helper('upper', '', text),
  title: helper('title', '', text),
  capitalize: helper('capitalize', '', text),
  replace: helper('replace', 'old new', text),
  startswith: (of, args) => call('startsWith', [of, ...args.positional], boolean),
  endswith: (of, args) => call('endsWith', [of, ...args.positional], boolean),
  format: (of, args) => call('formatText', [of, ...args.positional], text, args.named),
  find: helper('indexOf', 'sub', number),
  index: helper('indexOf', 'sub', number),
  count: helper('count', 'sub', number),
  ljust: helper('ljust', 'width fill', text),
  rjust: helper('rjust', 'width fill', text),
  center: helper('center', 'width fill', text),
  zfill: helper('zfill', 'width', text),
  removeprefix: helper('removePrefix', 'prefix', text),
  removesuffix: helper('removeSuffix', 'suffix', text),
  isdigit: helper('isDigit', '', boolean),
  isnumeric: helper('isDigit', '', boolean),
  isalnum: helper('isAlnum', '', boolean),
  isalpha: helper('isAlpha', '', boolean),
  union: helper('union', 'other', list),
  difference: helper('difference', 'other', list),
  intersection: helper('intersect', 'other', list),
  strftime: (of, args) => call('strftime', [arg(args, 0, 'format') ?? literal(''), of], text),
  has_key: (of, args) => operator('in', args.positional[0] ?? literal(''), of),
};

/** Methods that change their value; they are statements, not values. */
export const changing: Readonly<Record<string, string>> = {
  append: 'append',
  update: 'update',
  extend: 'extend',
  add: 'append',
};

/** The translation of a method; undefined where it has none. */
export function methodOf(name: string): Translation | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
