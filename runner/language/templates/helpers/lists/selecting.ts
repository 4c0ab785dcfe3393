import { truthy } from '../../../values/truthy.ts';
import { didYouMean } from '../../../../diagnostics/nearest.ts';
import { BadArgument } from '../helper.ts';
import type { Call, Helper, HelperGroup } from '../helper.ts';
import { inside } from '../items.ts';
import { helper } from '../table.ts';
import { list, text } from '../take.ts';

const users = {
  users: [
    { name: 'ann', age: 9 },
    { name: 'bob', age: 30 },
  ],
};

/** Calling another helper, by its name, with each item of a list as its first argument. */
export const selecting: HelperGroup = {
  title: 'Selecting by other helpers',
  helpers: [
    helper(
      'mapWith list helper argument...?',
      'What another helper makes of each item.',
      ['{{mapWith names "replace" "a" "o"}}', ['onn'], { names: ['ann'] }],
      (args, call) => each(args, 1, call),
      { named: { '*': 'a named argument of the helper' } },
    ),
    helper(
      'select list helper? argument...?',
      'The items for which a helper gives true; those that are true where none is given.',
      ['{{select ids "gt" 1}}', [2, 3], { ids: [1, 2, 3] }],
      (args, call) => chosen(list(args), each(args, 1, call), true),
    ),
    helper(
      'reject list helper? argument...?',
      'The items that select leaves out.',
      ['{{reject ids "isEven"}}', [1, 3], { ids: [1, 2, 3] }],
      (args, call) => chosen(list(args), each(args, 1, call), false),
    ),
    helper(
      'selectattr list key helper? argument...?',
      'The items for whose key a helper gives true; defined and isUndefined ask whether it is there.',
      ['{{selectattr users "age" "ge" 18}}', [{ name: 'bob', age: 30 }], users],
      (args, call) => chosen(list(args), each(ofKey(args), 2, call), true),
    ),
    helper(
      'rejectattr list key helper? argument...?',
      'The items that selectattr leaves out.',
      ['{{rejectattr users "age" "ge" 18}}', [{ name: 'ann', age: 9 }], users],
      (args, call) => chosen(list(args), each(ofKey(args), 2, call), false),
    ),
    helper(
      'groupby list key',
      'Pairs of each value of a key and the items that have it, sorted by it.',
      [
        '{{groupby list "a"}}',
        [
          [1, [{ a: 1 }]],
          [2, [{ a: 2 }]],
        ],
        { list: [{ a: 2 }, { a: 1 }] },
      ],
      (args) => groups(list(args), text(args, 1)),
    ),
  ],
};

let known: ReadonlyMap<string, Helper> = new Map();

/** Says which helpers there are; the registry does, which imports this. */
export function callable(helpers: ReadonlyMap<string, Helper>): void {
  known = helpers;
}

/** The results of the helper whose name is the argument at `index`, for each item. */
function each(args: unknown[], index: number, call: Call): unknown[] {
  const [items, more] = [list(args), args.slice(index + 1)];
  if (args.length <= index) return items.map(truthy);
  const name = text(args, index);
  if (name === 'defined') return items.map((item) => item !== undefined);
  if (name === 'isUndefined') return items.map((item) => item === undefined);
  const used = known.get(name);
  if (!used) throw new BadArgument(`finds no helper '${name}'. ${didYouMean(name, known.keys()) ?? ''}`.trim(), index);
  return items.map((item) => used.run([item, ...more], call));
}

/** The same arguments, with the values of a key instead of the items; undefined where an item does not have it. */
function ofKey(args: unknown[]): unknown[] {
  const key = text(args, 1);
  const needed = args[2] !== 'defined' && args[2] !== 'isUndefined';
  return [list(args).map((item) => (needed ? inside(item, key, args.length > 2) : peek(item, key))), ...args.slice(1)];
}

function peek(item: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? (value as Record<string, unknown>)[part]
          : undefined,
      item,
    );
}

function chosen(items: unknown[], answers: unknown[], wanted: boolean): unknown[] {
  return items.filter((_, i) => truthy(answers[i]) === wanted);
}

function groups(items: unknown[], key: string): [unknown, unknown[]][] {
  const found = new Map<unknown, unknown[]>();
  for (const item of items) {
    const value = inside(item, key, true);
    found.set(value, [...(found.get(value) ?? []), item]);
  }
  return [...found].toSorted(([a], [b]) => ((a as number) < (b as number) ? -1 : a === b ? 0 : 1));
}
