import { isDeepStrictEqual } from 'node:util';
import { truthy } from '../blocks.ts';
import { kindOf } from '../undefined.ts';
import { BadArgument } from './helper.ts';
import type { HelperGroup } from './helper.ts';
import { integer, list, number, text } from './take.ts';

/** Working on lists. */
export const lists: HelperGroup = {
  title: 'Lists',
  helpers: [
    {
      name: 'join',
      args: 'list separator?',
      summary: 'Its items as one text; a comma between them where no separator is given.',
      templatesOnly: true,
      example: { template: '{{join ports ", "}}', vars: { ports: [80, 443] }, result: '80, 443' },
      run: (args) => list(args).map(itemText).join(args.length > 1 ? text(args, 1) : ','),
    },
    {
      name: 'length',
      args: 'value',
      summary: 'How many items, keys or characters it has.',
      example: { template: '{{length ports}}', vars: { ports: [80, 443] }, result: 2 },
      run: ([value]) => lengthOf(value),
    },
    {
      name: 'first',
      args: 'list',
      summary: 'Its first item.',
      example: { template: '{{first ports}}', vars: { ports: [80, 443] }, result: 80 },
      run: (args) => some(list(args))[0],
    },
    {
      name: 'last',
      args: 'list',
      summary: 'Its last item.',
      example: { template: '{{last ports}}', vars: { ports: [80, 443] }, result: 443 },
      run: (args) => some(list(args)).at(-1),
    },
    {
      name: 'nth',
      args: 'list index',
      summary: 'The item at an index from 0; negative ones count from the end.',
      example: { template: '{{nth ports 1}}', vars: { ports: [80, 443] }, result: 443 },
      run: (args) => nth(list(args), integer(args, 1)),
    },
    {
      name: 'slice',
      args: 'list start end?',
      summary: 'Its items from start up to, but without, end.',
      example: { template: '{{slice ports 1}}', vars: { ports: [80, 443] }, result: [443] },
      run: (args) => list(args).slice(integer(args, 1), args.length > 2 ? integer(args, 2) : undefined),
    },
    {
      name: 'contains',
      args: 'container value',
      summary: 'Whether a list has the item, a mapping the key, or a text the part.',
      templatesOnly: true,
      example: { template: '{{contains ports 80}}', vars: { ports: [80] }, result: true },
      run: (args) => contains(args),
    },
    {
      name: 'map',
      args: 'list key',
      summary: 'The value of one key of each item; a.b for a key inside of a key.',
      templatesOnly: true,
      example: { template: '{{map users "name"}}', vars: { users: [{ name: 'ann' }, { name: 'bob' }] }, result: ['ann', 'bob'] },
      run: (args) => list(args).map((item) => inside(item, text(args, 1), true)),
    },
    {
      name: 'where',
      args: 'list key value?',
      summary: 'The items whose key has the value; without a value, those where it is true.',
      example: {
        template: '{{where users "admin" true}}',
        vars: { users: [{ name: 'ann', admin: true }, { name: 'bob' }] },
        result: [{ name: 'ann', admin: true }],
      },
      run: (args) => list(args).filter((item) => chosen(item, args)),
    },
    {
      name: 'without',
      args: 'list key value?',
      summary: 'The items that `where` would leave out.',
      example: {
        template: '{{without users "admin" true}}',
        vars: { users: [{ name: 'ann', admin: true }, { name: 'bob' }] },
        result: [{ name: 'bob' }],
      },
      run: (args) => list(args).filter((item) => !chosen(item, args)),
    },
    {
      name: 'compact',
      args: 'list',
      summary: 'Without null and empty text.',
      example: { template: '{{compact names}}', vars: { names: ['a', '', null] }, result: ['a'] },
      run: (args) => list(args).filter((item) => item !== null && item !== undefined && item !== ''),
    },
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
      name: 'reverse',
      args: 'list',
      summary: 'The other way round.',
      example: { template: '{{reverse ids}}', vars: { ids: [1, 2] }, result: [2, 1] },
      run: (args) => list(args).toReversed(),
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
      example: { template: '{{zip a b}}', vars: { a: [1, 2], b: ['x', 'y'] }, result: [[1, 'x'], [2, 'y']] },
      run: (args) => list(args).slice(0, list(args, 1).length).map((item, i) => [item, list(args, 1)[i]]),
    },
    {
      name: 'indexOf',
      args: 'list value',
      summary: 'Where the item stands, from 0; -1 where it does not.',
      example: { template: '{{indexOf ids 2}}', vars: { ids: [1, 2] }, result: 1 },
      run: (args) => list(args).findIndex((item) => isDeepStrictEqual(item, args[1])),
    },
    {
      name: 'min',
      args: 'list',
      summary: 'The least number of it.',
      example: { template: '{{min ids}}', vars: { ids: [2, 1] }, result: 1 },
      run: (args) => Math.min(...some(numbersOf(args))),
    },
    {
      name: 'max',
      args: 'list',
      summary: 'The greatest number of it.',
      example: { template: '{{max ids}}', vars: { ids: [2, 1] }, result: 2 },
      run: (args) => Math.max(...some(numbersOf(args))),
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

/** The value at `a.b` of an item; null where it is missing, or an error where it is `needed`. */
function inside(item: unknown, path: string, needed: boolean): unknown {
  let value = item;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      if (needed) throw new BadArgument(`finds an item without '${path}'`, 1);
      return null;
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function chosen(item: unknown, args: unknown[]): boolean {
  const value = inside(item, text(args, 1), false);
  return args.length > 2 ? isDeepStrictEqual(value, args[2]) : truthy(value);
}

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

function holds(items: unknown[], wanted: unknown): boolean {
  return items.some((item) => isDeepStrictEqual(item, wanted));
}

function contains(args: unknown[]): boolean {
  const [container] = args;
  if (Array.isArray(container)) return holds(container, args[1]);
  if (typeof container === 'object' && container !== null) return Object.hasOwn(container, text(args, 1));
  return text(args).includes(text(args, 1));
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new BadArgument(`wants a list, a mapping or text, found ${kindOf(value)}`);
}

function itemText(item: unknown): string {
  return typeof item === 'object' && item !== null ? JSON.stringify(item) : String(item ?? '');
}

function some<T>(items: T[]): T[] {
  if (items.length === 0) throw new BadArgument('wants a list with items, found an empty one');
  return items;
}

function nth(items: unknown[], index: number): unknown {
  if (index >= items.length || index < -items.length) throw new BadArgument(`has no item ${index}: the list has ${items.length}`, 1);
  return items.at(index);
}

function numbersOf(args: unknown[]): number[] {
  const items = list(args);
  return items.map((_, i) => number(items, i));
}
