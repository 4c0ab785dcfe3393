import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { holds, inside } from '../items.ts';
import { helper } from '../table.ts';
import { integer, list, mapping, text } from '../take.ts';
import { look } from '../values/mappings.ts';

const longest = 100_000;

/** Lists of lists, and mappings made from lists. */
export const combining: HelperGroup = {
  title: 'Lists of lists',
  helpers: [
    helper(
      'batch list size fill?',
      'Lists of so many of its items.',
      ['{{batch ids 2}}', [[1, 2], [3]], { ids: [1, 2, 3] }],
      (args) => batches(list(args), integer(args, 1), args.length > 2 ? args[2] : undefined),
    ),
    helper(
      'product list list...',
      'Every combination of an item of each list.',
      [
        '{{product a b}}',
        [
          [1, 'x'],
          [2, 'x'],
        ],
        { a: [1, 2], b: ['x'] },
      ],
      (args) => product(args.map((_, i) => list(args, i))),
    ),
    helper(
      'subelements list key',
      'Pairs of an item and each item of the list that is its key; with skipMissing=true items without it are left out.',
      ['{{subelements users "keys"}}', [[{ keys: ['a'] }, 'a']], { users: [{ keys: ['a'] }] }],
      (args, { named }) =>
        items(args).flatMap((item) => {
          const inner = inside(item, text(args, 1), named.skipMissing !== true) ?? [];
          return list([inner]).map((one) => [item, one]);
        }),
      { named: { skipMissing: 'true: items without the key are left out' } },
    ),
    helper(
      'zipLongest list list...',
      'Items with the same index; as many as the longest list has, null or fill= for the others.',
      [
        '{{zipLongest a b}}',
        [
          [1, 3],
          [2, null],
        ],
        { a: [1, 2], b: [3] },
      ],
      (args, { named }) => {
        const lists = args.map((_, i) => list(args, i));
        const length = Math.max(...lists.map((one) => one.length));
        return Array.from({ length }, (_, i) => lists.map((one) => (i < one.length ? one[i] : (named.fill ?? null))));
      },
      { named: { fill: 'instead of null' } },
    ),
    helper(
      'symmetricDifference list list',
      'Items that only one of them has.',
      ['{{symmetricDifference a b}}', [1, 3], { a: [1, 2], b: [2, 3] }],
      (args) => {
        const [a, b] = [list(args), list(args, 1)];
        return [...a.filter((item) => !holds(b, item)), ...b.filter((item) => !holds(a, item))];
      },
    ),
    helper(
      'permutations list size?',
      'Its items in every order.',
      [
        '{{permutations ids}}',
        [
          [1, 2],
          [2, 1],
        ],
        { ids: [1, 2] },
      ],
      (args) => permutations(list(args), args.length > 1 ? integer(args, 1) : list(args).length),
    ),
    helper(
      'combinations list size',
      'Every choice of so many of its items.',
      [
        '{{combinations ids 2}}',
        [
          [1, 2],
          [1, 3],
          [2, 3],
        ],
        { ids: [1, 2, 3] },
      ],
      (args) => combinations(list(args), integer(args, 1)),
    ),
    helper(
      'dictsort mapping',
      'Pairs of its keys and values, sorted by key; by="value" by value.',
      [
        '{{dictsort ports}}',
        [
          ['a', 2],
          ['b', 1],
        ],
        { ports: { b: 1, a: 2 } },
      ],
      (args, { named }) => {
        const at = named.by === 'value' ? 1 : 0;
        const sorted = Object.entries(mapping(args)).toSorted((a, b) => order(a[at], b[at]));
        return named.reverse === true ? sorted.toReversed() : sorted;
      },
      { named: { by: '"value": by value', reverse: 'true: the greatest first' } },
    ),
    helper(
      'dictOf pairs',
      'A mapping from a list of pairs.',
      ['{{dictOf list}}', { a: 1 }, { list: [['a', 1]] }],
      (args) => Object.fromEntries(list(args).map((pair) => [String(list([pair])[0]), list([pair])[1]])),
    ),
    helper(
      'items2dict list',
      'The same as fromItems; the names of the keys may be given.',
      ['{{items2dict list}}', { a: 1 }, { list: [{ key: 'a', value: 1 }] }],
      (args, { named }) =>
        Object.fromEntries(
          list(args).map((item) => [
            String(look(item, named.keyName ?? 'key')),
            look(item, named.valueName ?? 'value'),
          ]),
        ),
      { named: { keyName: 'instead of key', valueName: 'instead of value' } },
    ),
    helper(
      'extract key container key...?',
      'The value of a key of a mapping or of an index of a list, and of keys inside of it.',
      ['{{extract "a" map "b"}}', 1, { map: { a: { b: 1 } } }],
      ([key, container, ...more]) => [key, ...more.flat()].reduce((value, one) => look(value, one), container),
    ),
    helper(
      'toList value',
      'What a loop over it goes through: the items of a list, the keys of a mapping, the signs of a text.',
      ['{{toList "ab"}}', ['a', 'b']],
      ([value]) => listOf(value),
    ),
  ],
};

function items(args: unknown[]): unknown[] {
  return Array.isArray(args[0]) ? args[0] : Object.values(mapping(args));
}

function batches(all: unknown[], size: number, fill: unknown): unknown[][] {
  if (size < 1) throw new BadArgument('expects a size of 1 or more', 1);
  const found = Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
  const last = found.at(-1);
  while (fill !== undefined && fill !== null && last && last.length < size) last.push(fill);
  return found;
}

function product(lists: unknown[][]): unknown[][] {
  const count = lists.reduce((total, one) => total * one.length, 1);
  if (count > longest) throw new BadArgument(`would make ${count} items; the most is ${longest}`);
  return lists.reduce<unknown[][]>((rows, one) => rows.flatMap((row) => one.map((item) => [...row, item])), [[]]);
}

function permutations(all: unknown[], size: number): unknown[][] {
  if (size === 0) return [[]];
  if (all.length > 8) throw new BadArgument(`expects a list of at most 8 items, found ${all.length}`);
  return all.flatMap((item, i) => permutations(all.toSpliced(i, 1), size - 1).map((rest) => [item, ...rest]));
}

function combinations(all: unknown[], size: number): unknown[][] {
  if (size === 0) return [[]];
  if (all.length > 16) throw new BadArgument(`expects a list of at most 16 items, found ${all.length}`);
  return all.flatMap((item, i) => combinations(all.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}

function order(a: unknown, b: unknown): number {
  const [left, right] = [a, b].map((one) => (typeof one === 'string' ? one.toLowerCase() : one)) as [number, number];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What Python's list() makes of a value. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  return Object.keys(mapping([value]));
}
