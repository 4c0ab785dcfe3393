import type { HelperGroup } from '../helper.ts';
import { holds } from '../items.ts';
import { list, mapping, text } from '../take.ts';
import { Absent, BadArgument } from '../helper.ts';
import { Unknown } from '../../../values/unknown.ts';

/** Working on mappings. */
export const mappings: HelperGroup = {
  title: 'Mappings',
  helpers: [
    {
      name: 'lookup',
      args: 'container key',
      summary: 'The value of a key or an index that is a variable.',
      templatesOnly: true,
      example: { template: '{{lookup ports name}}', vars: { ports: { web: 80 }, name: 'web' }, result: 80 },
      run: ([container, key]) => look(container, key),
    },
    {
      name: 'get',
      args: 'mapping key other?',
      summary: 'The value of a key; the other, or null, where the mapping does not have it.',
      example: { template: '{{get ports name 8080}}', vars: { ports: { web: 80 }, name: 'api' }, result: 8080 },
      run: (args) => get(mapping(args), text(args, 1), args[2] ?? null),
    },
    {
      name: 'keys',
      args: 'mapping',
      summary: 'Its keys.',
      example: { template: '{{keys ports}}', vars: { ports: { web: 80 } }, result: ['web'] },
      run: (args) => Object.keys(mapping(args)),
    },
    {
      name: 'values',
      args: 'mapping',
      summary: 'Its values.',
      example: { template: '{{values ports}}', vars: { ports: { web: 80 } }, result: [80] },
      run: (args) => Object.values(mapping(args)),
    },
    {
      name: 'items',
      args: 'mapping',
      summary: 'A list of {key, value}, as loop wants it; dict2items is another name for it.',
      example: { template: '{{items ports}}', vars: { ports: { web: 80 } }, result: [{ key: 'web', value: 80 }] },
      run: (args) => itemsOf(args),
    },
    {
      name: 'dict2items',
      args: 'mapping',
      summary: 'The same as items; the names of the keys may be given.',
      named: { keyName: 'instead of key', valueName: 'instead of value' },
      example: { template: '{{dict2items ports}}', vars: { ports: { web: 80 } }, result: [{ key: 'web', value: 80 }] },
      run: (args, { named: { keyName = 'key', valueName = 'value' } }) =>
        itemsOf(args).map(({ key, value }) => ({ [String(keyName)]: key, [String(valueName)]: value })),
    },
    {
      name: 'fromItems',
      args: 'list',
      summary: 'A mapping from a list of {key, value}; items2dict in Ansible.',
      example: { template: '{{fromItems list}}', vars: { list: [{ key: 'web', value: 80 }] }, result: { web: 80 } },
      run: (args) => Object.fromEntries(list(args).map(pair)),
    },
    {
      name: 'merge',
      args: 'mapping mapping...',
      summary: 'All keys of all of them; later ones win. With deep=true, mappings inside of them are merged too.',
      named: { deep: 'true: mappings inside are merged' },
      example: { template: '{{merge a b}}', vars: { a: { x: 1, y: 1 }, b: { y: 2 } }, result: { x: 1, y: 2 } },
      run: (args, { named }) => args.map((_, i) => mapping(args, i)).reduce((a, b) => merge(a, b, named.deep === true)),
    },
    {
      name: 'combine',
      args: 'mapping...?',
      summary: "Ansible's combine: as merge, of mappings and lists of them.",
      named: {
        recursive: 'true: mappings inside are merged',
        listMerge: 'what becomes of lists: replace, keep, append, prepend, append_rp, prepend_rp',
      },
      example: { template: '{{combine a b}}', vars: { a: { x: 1, y: 1 }, b: { y: 2 } }, result: { x: 1, y: 2 } },
      run: (args, { named }) => {
        const all = args.flat();
        const lists = text([named.listMerge ?? 'replace']);
        if (!Object.hasOwn(listMerges, lists)) throw new BadArgument(`does not know listMerge="${lists}"`);
        return all
          .map((_, i) => mapping(all, i))
          .reduce((a, b) => merge(a, b, named.recursive === true, listMerges[lists]), {});
      },
    },
    {
      name: 'pick',
      args: 'mapping key...',
      summary: 'Only these keys of it, where it has them; a list of keys counts as its keys.',
      example: { template: '{{pick a (list "x" "z")}}', vars: { a: { x: 1, y: 1 } }, result: { x: 1 } },
      run: (args) =>
        pick(
          mapping(args),
          args.slice(1).flatMap((key) => key),
        ),
    },
    {
      name: 'dict',
      args: 'key...?',
      summary: 'A mapping of keys and values by turns, or of named arguments; empty without any.',
      named: { '*': 'a key and its value' },
      templatesOnly: true,
      example: { template: '{{dict "a" 1 "b" 2}}', result: { a: 1, b: 2 } },
      run: (args, { named }) => ({ ...dict(args), ...named }),
    },
    {
      name: 'list',
      args: 'item...?',
      summary: 'A list of the arguments.',
      templatesOnly: true,
      example: { template: '{{list 80 443}}', result: [80, 443] },
      run: (args) => args,
    },
  ],
};

/** The value of a key or an index of a container. Throws Absent where it does not have it. */
export function look(container: unknown, key: unknown): unknown {
  const name = String(key);
  if (container instanceof Unknown && container.get(name) !== undefined) return container.get(name);
  if (container !== null && typeof container === 'object' && Object.hasOwn(container, name)) {
    return (container as Record<string, unknown>)[name];
  }
  throw new Absent(`finds no '${name}'`, 1);
}

function get(from: Record<string, unknown>, key: string, other: unknown): unknown {
  return Object.hasOwn(from, key) ? from[key] : other;
}

function itemsOf(args: unknown[]): { key: string; value: unknown }[] {
  return Object.entries(mapping(args)).map(([key, value]) => ({ key, value }));
}

function pair(item: unknown): [string, unknown] {
  const { key, value } = mapping([item]);
  return [String(key), value];
}

/** Reads only the values that are asked for: those of hostvars are made when they are read. */
function pick(from: Record<string, unknown>, keys: unknown[]): Record<string, unknown> {
  const there = keys.map(String).filter((key) => Object.hasOwn(from, key));
  return Object.fromEntries(there.map((key) => [key, from[key]]));
}

type MergeLists = (old: unknown[], value: unknown[]) => unknown[];

const listMerges: Record<string, MergeLists> = {
  replace: (_, value) => value,
  keep: (old) => old,
  append: (old, value) => [...old, ...value],
  prepend: (old, value) => [...value, ...old],
  append_rp: (old, value) => [...old.filter((item) => !holds(value, item)), ...value],
  prepend_rp: (old, value) => [...value, ...old.filter((item) => !holds(value, item))],
};

function merge(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
  deep: boolean,
  lists: MergeLists = (_, value) => value,
): Record<string, unknown> {
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const old = merged.get(key);
    if (deep && isMapping(old) && isMapping(value)) merged.set(key, merge(old, value, true, lists));
    else merged.set(key, Array.isArray(old) && Array.isArray(value) ? lists(old, value) : value);
  }
  return Object.fromEntries(merged);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dict(args: unknown[]): Record<string, unknown> {
  if (args.length % 2 !== 0) throw new BadArgument('expects a value for each key', args.length - 1);
  const entries = args.flatMap((_, i) => (i % 2 === 0 ? [[text(args, i), args[i + 1]] as const] : []));
  return Object.fromEntries(entries);
}
