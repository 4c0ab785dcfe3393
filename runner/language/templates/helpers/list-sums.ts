import { kindOf } from '../../values/undefined.ts';
import { BadArgument } from './helper.ts';
import type { HelperGroup } from './helper.ts';
import { holds, inside, some } from './items.ts';
import { list, number, text } from './take.ts';

/** Making one list, or one number, of many items. */
export const listSums: HelperGroup = {
  title: 'Sorting and combining lists',
  helpers: [
    {
      name: 'unique',
      args: 'list',
      summary: 'Each item once, in the order of their first appearance.',
      example: { template: '{{unique ids}}', vars: { ids: [2, 1, 2] }, result: [2, 1] },
      run: (args) => union(list(args)),
    },
    {
      name: 'sort',
      args: 'list key?',
      summary: 'Sorted; numbers as numbers, text by its characters. With a key, by that of each item.',
      example: { template: '{{sort ids}}', vars: { ids: [10, 9] }, result: [9, 10] },
      run: (args) => sorted(list(args), args.length > 1 ? text(args, 1) : undefined),
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
      args: 'list',
      summary: 'With the items of lists in it instead of the lists.',
      example: { template: '{{flatten a}}', vars: { a: [1, [2, [3]]] }, result: [1, 2, 3] },
      run: (args) => list(args).flat(Infinity),
    },
    {
      name: 'zip',
      args: 'list list',
      summary: 'Pairs of items with the same index; as many as the shorter list has.',
      example: {
        template: '{{zip a b}}',
        vars: { a: [1, 2], b: ['x', 'y'] },
        result: [
          [1, 'x'],
          [2, 'y'],
        ],
      },
      run: (args) =>
        list(args)
          .slice(0, list(args, 1).length)
          .map((item, i) => [item, list(args, 1)[i]]),
    },
    {
      name: 'min',
      args: 'list',
      summary: 'The least number of it.',
      example: { template: '{{min ids}}', vars: { ids: [2, 1] }, result: 1 },
      run: (args) => some(numbersOf(args)).reduce((a, b) => Math.min(a, b)),
    },
    {
      name: 'max',
      args: 'list',
      summary: 'The greatest number of it.',
      example: { template: '{{max ids}}', vars: { ids: [2, 1] }, result: 2 },
      run: (args) => some(numbersOf(args)).reduce((a, b) => Math.max(a, b)),
    },
    {
      name: 'sum',
      args: 'list',
      summary: 'All its numbers added up.',
      example: { template: '{{sum ids}}', vars: { ids: [2, 1] }, result: 3 },
      run: (args) => numbersOf(args).reduce((a, b) => a + b, 0),
    },
  ],
};

function sorted(items: unknown[], key: string | undefined): unknown[] {
  const by = (item: unknown) => (key === undefined ? item : inside(item, key, true));
  return items.toSorted((a, b) => compare(by(a), by(b)));
}

function compare(a: unknown, b: unknown): number {
  const comparable = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
  if (!comparable) throw new BadArgument(`sorts numbers or texts, found ${kindOf(a)} and ${kindOf(b)}`);
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

function union(items: unknown[]): unknown[] {
  const simple = new Set<unknown>();
  const kept: unknown[] = [];
  for (const item of items) {
    const isObject = typeof item === 'object' && item !== null;
    if (isObject ? holds(kept, item) : simple.has(item)) continue;
    if (!isObject) simple.add(item);
    kept.push(item);
  }
  return kept;
}

function numbersOf(args: unknown[]): number[] {
  const items = list(args);
  return items.map((_, i) => number(items, i));
}
