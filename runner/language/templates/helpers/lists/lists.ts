import { isDeepStrictEqual } from 'node:util';
import { truthy } from '../../../values/truthy.ts';
import { kindOf } from '../../../values/undefined.ts';
import { Absent, BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { inside, some } from '../items.ts';
import { listOf } from './combining.ts';
import { contains } from '../values/tests.ts';
import { integer, list, text } from '../take.ts';

/** Working on lists. */
export const lists: HelperGroup = {
  title: 'Lists',
  helpers: [
    {
      name: 'join',
      args: 'list separator?',
      summary: 'Its items as one text; a comma between them where no separator is given.',
      example: { template: '{{join ports ", "}}', vars: { ports: [80, 443] }, result: '80, 443' },
      named: { key: 'the key whose values are joined' },
      run: (args, { named }) =>
        list(args)
          .map((item) => itemText(named.key === undefined ? item : inside(item, text([named.key]), true)))
          .join(args.length > 1 ? text(args, 1) : ','),
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
      run: (args) => some(listOf(args[0]))[0],
    },
    {
      name: 'last',
      args: 'list',
      summary: 'Its last item.',
      example: { template: '{{last ports}}', vars: { ports: [80, 443] }, result: 443 },
      run: (args) => some(listOf(args[0])).at(-1),
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
      args: 'list start end? step?',
      summary:
        'Its items, or the signs of a text, from start up to, but without, end; negative ones count from the end.',
      example: { template: '{{slice ports 1}}', vars: { ports: [80, 443] }, result: [443] },
      run: (args) => (typeof args[0] === 'string' ? slice([...args[0]], args).join('') : slice(list(args), args)),
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
      args: 'list key other?',
      summary: 'The value of one key of each item; a.b for a key inside of a key. The other where an item has none.',
      templatesOnly: true,
      example: {
        template: '{{map users "name"}}',
        vars: { users: [{ name: 'ann' }, { name: 'bob' }] },
        result: ['ann', 'bob'],
      },
      run: (args) => list(args).map((item) => inside(item, text(args, 1), args.length < 3) ?? args[2] ?? null),
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
      name: 'reverse',
      args: 'list',
      summary: 'The other way round.',
      example: { template: '{{reverse ids}}', vars: { ids: [1, 2] }, result: [2, 1] },
      run: (args) => (typeof args[0] === 'string' ? [...args[0]].toReversed().join('') : list(args).toReversed()),
    },
    {
      name: 'indexOf',
      args: 'list value',
      summary: 'The index of the item, or of a part of a text, from 0; -1 if it is not there.',
      example: { template: '{{indexOf ids 2}}', vars: { ids: [1, 2] }, result: 1 },
      run: (args) =>
        typeof args[0] === 'string'
          ? args[0].indexOf(text(args, 1))
          : list(args).findIndex((item) => isDeepStrictEqual(item, args[1])),
    },
    {
      name: 'count',
      args: 'list value',
      summary: 'How often a list has the item, or a text the part.',
      example: { template: '{{count ids 2}}', vars: { ids: [2, 2] }, result: 2 },
      run: (args) =>
        typeof args[0] === 'string'
          ? args[0].split(text(args, 1)).length - 1
          : list(args).filter((item) => isDeepStrictEqual(item, args[1])).length,
    },
  ],
};

function chosen(item: unknown, args: unknown[]): boolean {
  const value = inside(item, text(args, 1), false);
  return args.length > 2 ? isDeepStrictEqual(value, args[2]) : truthy(value);
}

/** As Python's `list[start:end:step]`; null is as far as it goes. */
function slice<T>(items: readonly T[], args: unknown[]): T[] {
  const bound = (index: number) =>
    args[index] === undefined || args[index] === null ? undefined : integer(args, index);
  const step = bound(3) ?? 1;
  if (step > 0) return items.slice(bound(1), bound(2)).filter((_, i) => i % step === 0);
  if (step < 0 && args[1] === null && args[2] === null) return items.toReversed().filter((_, i) => i % -step === 0);
  throw new BadArgument('expects a step of 1 or more, or a negative one for the whole of it', 3);
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new BadArgument(`expects a list, a mapping or text, found ${kindOf(value)}`);
}

function itemText(item: unknown): string {
  return typeof item === 'object' && item !== null ? JSON.stringify(item) : String(item ?? '');
}

function nth(items: unknown[], index: number): unknown {
  if (index >= items.length || index < -items.length)
    throw new Absent(`has no item ${index}: the list has ${items.length}`, 1);
  return items.at(index);
}
