import { helperOfOperator } from '../target/handlebars.ts';
import { call, literal } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { list, typeAt, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import { written } from './arguments.ts';
import type { Terms, Tools, Translation } from './arguments.ts';

/** Filters over the items of a list. */
export const listFilters: Readonly<Record<string, Translation>> = {
  list: (of) => asList(of),
  map,
  select: (of, args, tools) => select('select', of, args, tools),
  reject: (of, args, tools) => select('reject', of, args, tools),
  selectattr: (of, args, tools) => select('selectattr', of, args, tools),
  rejectattr: (of, args, tools) => select('rejectattr', of, args, tools),
  first: (of) => call('first', [of], of.type.item ?? unknown),
  last: (of) => call('last', [of], of.type.item ?? unknown),
};

/** A list of what Python goes through: a mapping's keys. */
function asList(of: Term): Term {
  if (of.type.kind === 'list') return of;
  return of.type.kind === 'mapping' ? call('keys', [of], list) : call('toList', [of], list);
}

/** `map(attribute='a.b')`, or a filter over each item. */
function map(of: Term, args: Terms, tools: Tools): Term {
  const items = itemsOf(of);
  const { attribute, default: other } = args.named;
  if (attribute) return call('map', [items, attribute, ...(other ? [other] : [])], mapped(of.type, attribute));
  const [name, ...more] = args.positional;
  const filter = nameOf(name, tools, 'map');
  const each = eachOf(tools.filter(filter, hole(of.type), { positional: more, named: args.named }), tools);
  if (!each) return items;
  return call('mapWith', [items, literal(each.name), ...each.args], { kind: 'list', item: each.type }, each.named);
}

function mapped(type: JinjaType, attribute: Term): JinjaType {
  const key = written(attribute);
  return type.item && typeof key === 'string' ? { kind: 'list', item: typeAt(type.item, key) } : list;
}

const opposite: Record<string, string> = {
  select: 'reject',
  reject: 'select',
  selectattr: 'rejectattr',
  rejectattr: 'selectattr',
};

function select(name: string, of: Term, args: Terms, tools: Tools): Term {
  const items = itemsOf(of);
  const byKey = name.endsWith('attr');
  const keys = byKey ? args.positional.slice(0, 1) : [];
  const [test, ...more] = args.positional.slice(keys.length);
  const type = of.type.kind === 'list' ? of.type : list;
  if (!test && Object.keys(args.named).length > 0)
    tools.fail('J_FILTER', `The filter '${name}' takes no named arguments here.`);
  if (!test) return call(name, [items, ...keys], type);
  const tested = tools.test(nameOf(test, tools, name), hole(unknown), { positional: more, named: args.named });
  const negated = tested.kind === 'not';
  const each = eachOf(negated ? tested.of : tested, tools);
  const which = negated ? opposite[name]! : name;
  return call(which, [items, ...keys, ...(each ? [literal(each.name), ...each.args] : [])], type);
}

function nameOf(term: Term | undefined, tools: Tools, filter: string): string {
  const name = written(term);
  return typeof name === 'string'
    ? name
    : tools.fail('J_FILTER', `The filter '${filter}' needs the name of a filter or a test that is written there.`);
}

function itemsOf(of: Term): Term {
  return of.type.kind === 'mapping' ? asList(of) : of;
}

function hole(type: JinjaType): Term {
  return { kind: 'hole', type: type.item ?? unknown };
}

interface Each {
  name: string;
  args: Term[];
  named: Record<string, Term>;
  type: JinjaType;
}

/** The helper that a term calls with the item as its first argument; undefined for the item itself. */
function eachOf(term: Term, tools: Tools): Each | undefined {
  if (term.kind === 'hole') return undefined;
  const { type } = term;
  if (term.kind === 'call' && term.args[0]?.kind === 'hole' && !term.args.slice(1).some(hasHole)) {
    const args = term.args.slice(1);
    return { name: term.name === 'size' ? 'length' : term.name, args, named: term.named, type };
  }
  if (term.kind === 'operator' && term.left.kind === 'hole' && !hasHole(term.right))
    return {
      name: term.operator === 'in' ? 'isIn' : helperOfOperator(term.operator),
      args: [term.right],
      named: {},
      type,
    };
  if (term.kind === 'choice' && term.test.kind === 'hole')
    return { name: 'ternary', args: [term.then, term.other], named: {}, type };
  return tools.fail('J_EXPRESSION', 'This filter over the items of a list has no counterpart; use a loop.');
}

function hasHole(term: Term): boolean {
  return term.kind === 'hole' || (term.kind === 'call' && term.args.some(hasHole));
}
