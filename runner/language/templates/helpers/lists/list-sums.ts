import { kindOf } from '../../../values/undefined.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { holds, inside, some } from '../items.ts';
import { list, number, text } from '../take.ts';

const byKey = {
  key: 'the key of each item that is looked at',
  caseSensitive: 'false: capitals and small letters are the same',
};

/** Making one list, or one number, of many items. */
export const listSums: HelperGroup = {
  title: 'Sorting and combining lists',
  helpers: [
    {
      name: 'unique',
      args: 'list',
      summary: 'Each item once, in the order of their first appearance.',
      named: byKey,
      example: { template: '{{unique ids}}', vars: { ids: [2, 1, 2] }, result: [2, 1] },
      run: (args, { named }) => unique(list(args), keyBy(named)),
    },
    {
      name: 'sort',
      args: 'list key?',
      summary: 'Sorted; numbers as numbers, text by its characters. With a key, by that of each item.',
      named: { ...byKey, reverse: 'true: the greatest first' },
      example: { template: '{{sort ids}}', vars: { ids: [10, 9] }, result: [9, 10] },
      run: (args, { named }) => {
        const by = keyBy({ ...named, key: args[1] ?? named.key });
        const items = list(args).toSorted((a, b) => compare(by(a), by(b)));
        return named.reverse === true ? reversed(items, by) : items;
      },
    },
    {
      name: 'concat',
      args: 'list list...',
      summary: 'All items of all lists.',
      example: { template: '{{concat a b}}', vars: { a: [1], b: [1, 2] }, result: [1, 1, 2] },
      run: (args) => args.flatMap((_, i) => list(args, i)),
    },
    {
      name: 'union',
      args: 'list list...',
      summary: 'Items that one of them has, each once.',
      example: { template: '{{union a b}}', vars: { a: [1], b: [1, 2] }, result: [1, 2] },
      run: (args) => union(args.flatMap((_, i) => list(args, i))),
    },
    {
      name: 'difference',
      args: 'list list',
      summary: 'Items of the first that the second has not.',
      example: { template: '{{difference a b}}', vars: { a: [1, 2], b: [1] }, result: [2] },
      run: (args) => union(list(args).filter((item) => !holds(list(args, 1), item))),
    },
    {
      name: 'intersect',
      args: 'list list',
      summary: 'Items that both have.',
      example: { template: '{{intersect a b}}', vars: { a: [1, 2], b: [2, 3] }, result: [2] },
      run: (args) => union(list(args).filter((item) => holds(list(args, 1), item))),
    },
    {
      name: 'flatten',
      args: 'list levels?',
      summary: 'With the items of lists in it instead of the lists; so many levels deep, or all.',
      example: { template: '{{flatten a}}', vars: { a: [1, [2, [3]]] }, result: [1, 2, 3] },
      run: (args) => list(args).flat(args.length > 1 ? number(args, 1) : Infinity),
    },
    {
      name: 'zip',
      args: 'list list...',
      summary: 'Lists of items with the same index; as many as the shortest list has.',
      example: {
        template: '{{zip a b}}',
        vars: { a: [1, 2], b: ['x', 'y'] },
        result: [
          [1, 'x'],
          [2, 'y'],
        ],
      },
      run: (args) => {
        const lists = args.map((_, i) => list(args, i));
        const length = Math.min(...lists.map((one) => one.length));
        return Array.from({ length }, (_, i) => lists.map((one) => one[i]));
      },
    },
    {
      name: 'min',
      args: 'list',
      summary: 'The least number, or text, of it; with a key, the item that has the least.',
      named: byKey,
      example: { template: '{{min ids}}', vars: { ids: [2, 1] }, result: 1 },
      run: (args, { named }) => extreme(list(args), keyBy(named), -1),
    },
    {
      name: 'max',
      args: 'list',
      summary: 'The greatest number, or text, of it; with a key, the item that has the greatest.',
      named: byKey,
      example: { template: '{{max ids}}', vars: { ids: [2, 1] }, result: 2 },
      run: (args, { named }) => extreme(list(args), keyBy(named), 1),
    },
    {
      name: 'sum',
      args: 'list start?',
      summary:
        'All its numbers added up, or the values of a key; with a list as the start, lists one behind the other.',
      named: { key: 'the key whose values are added' },
      example: { template: '{{sum ids}}', vars: { ids: [2, 1] }, result: 3 },
      run: (args, { named }) => {
        const items = list(args).map(keyBy(named));
        if (Array.isArray(args[1])) return items.reduce<unknown[]>((all, _, i) => [...all, ...list(items, i)], args[1]);
        return items.reduce<number>((total, _, i) => total + number(items, i), Number(args[1] ?? 0));
      },
    },
  ],
};

/** What an item is compared by. */
function keyBy({ key, caseSensitive }: Record<string, unknown>): (item: unknown) => unknown {
  return (item) => {
    const value = key === undefined || key === null ? item : inside(item, text([key]), true);
    return caseSensitive === false && typeof value === 'string' ? value.toLowerCase() : value;
  };
}

/** Turned round, but items that are the same keep their order, as in Python. */
function reversed(items: unknown[], by: (item: unknown) => unknown): unknown[] {
  return items.toReversed().toSorted((a, b) => -compare(by(a), by(b)));
}

function extreme(items: unknown[], by: (item: unknown) => unknown, wanted: number): unknown {
  const values = numbered(items.map(by));
  const [at] = some(values).reduce<[number, unknown]>(
    (best, value, i) => (Math.sign(compare(value, best[1])) === wanted ? [i, value] : best),
    [0, values[0]],
  );
  return items[at];
}

function compare(a: unknown, b: unknown): number {
  const comparable = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
  if (!comparable) throw new BadArgument(`sorts numbers or texts, found ${kindOf(a)} and ${kindOf(b)}`);
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

function union(items: unknown[]): unknown[] {
  return unique(items, (item) => item);
}

function unique(items: unknown[], by: (item: unknown) => unknown): unknown[] {
  const simple = new Set<unknown>();
  const objects: unknown[] = [];
  return items.filter((item) => {
    const value = by(item);
    const isObject = typeof value === 'object' && value !== null;
    if (isObject ? holds(objects, value) : simple.has(value)) return false;
    if (isObject) objects.push(value);
    else simple.add(value);
    return true;
  });
}

/** Texts that are numbers count as numbers beside numbers, or where all are. */
function numbered(values: unknown[]): unknown[] {
  const isNumber = (value: unknown) => typeof value === 'number' || /^\s*-?\d+(\.\d+)?\s*$/.test(String(value));
  return values.every(isNumber) ? values.map(Number) : values;
}
