import { call, literal } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { list, mapping, text, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import { written } from './arguments.ts';
import type { Terms, Tools } from './arguments.ts';

type Function = (args: Terms, tools: Tools) => Term;

const functions: Readonly<Record<string, Function>> = {
  lookup: (args, tools) => lookup(args, tools, false),
  query: (args, tools) => lookup(args, tools, true),
  q: (args, tools) => lookup(args, tools, true),
  range: ({ positional }) => {
    const ends = positional.length === 1 ? [literal(0), ...positional] : positional;
    return call('range', ends, { kind: 'list', item: { kind: 'number' } });
  },
  dict: ({ positional, named }) =>
    positional.length > 0
      ? call('dictOf', positional, mapping, named)
      : { kind: 'mapping', entries: Object.entries(named).map(([key, value]) => [literal(key), value]), type: mapping },
  namespace: ({ named }) => ({
    kind: 'mapping',
    entries: Object.entries(named).map(([key, value]) => [literal(key), value]),
    type: { kind: 'mapping', keys: Object.fromEntries(Object.entries(named).map(([key, { type }]) => [key, type])) },
  }),
  list: ({ positional: [of] }) => of ?? { kind: 'list', items: [], type: list },
  now: ({ positional: [utc, fmt], named }) => {
    const [zone, pattern] = [utc ?? named.utc, fmt ?? named.fmt];
    return call('now', pattern ? [pattern] : [], text, zone ? { utc: zone } : {});
  },
};

const lookups: Readonly<Record<string, (args: Term[], named: Record<string, Term>, tools: Tools) => Term>> = {
  env: ([name], { default: other }) => call('env', [name ?? literal(''), other ?? literal('')], text),
  file: ([path]) => call('file', [path ?? literal('')], text),
  template: ([path], _named, tools) => call('templateFile', [renamed(path ?? literal(''), tools)], text),
  vars: ([name], { default: other }) => {
    const vars: Term = { kind: 'variable', name: 'vars', type: mapping };
    const found: Term = { kind: 'lookup', of: vars, key: name ?? literal(''), type: unknown };
    return other ? call('default', [found, other], unknown) : found;
  },
  varnames: (patterns) => {
    const names = call('keys', [{ kind: 'variable', name: 'vars', type: mapping }], listOf(text));
    const found = patterns.map((pattern) => call('select', [names, literal('matches'), pattern], listOf(text)));
    return found.length === 1 ? found[0]! : call('flatten', [{ kind: 'list', items: found, type: list }], listOf(text));
  },
  dict: ([of]) => call('items', [of ?? literal('')], list),
  list: ([of]) => of ?? literal(''),
  items: ([of]) => of ?? literal(''),
  flattened: (args) =>
    call('flatten', [args.length === 1 ? args[0]! : { kind: 'list', items: args, type: list }], list),
  first_found: ([of], named) => call('firstFound', [of ?? { kind: 'list', items: [], type: list }], text, named),
  fileglob: ([of]) => call('fileglob', [of ?? literal('')], list),
  random_choice: (args) =>
    call('random', [args.length === 1 ? args[0]! : { kind: 'list', items: args, type: list }], unknown),
  subelements: ([of, key]) => call('subelements', [of ?? literal(''), key ?? literal('')], list),
  together: (args) => call('zip', args, list),
  nested: (args) => call('product', args, list),
  cartesian: (args) => call('product', args, list),
  url: fetched,
  password: ([term], { length, chars, encrypt }, tools) => {
    if (encrypt) tools.fail('J_LOOKUP', "The lookup 'password' keeps no hash here: use passwordHash with a salt.");
    return call('password', [term ?? literal('')], text, { ...(length && { length }), ...(chars && { chars }) });
  },
};

/** The lines of what an address answers; `lookup` joins them. Certificates are always looked at. */
function fetched([address]: Term[], named: Record<string, Term>, tools: Tools): Term {
  const { split_lines: lines, validate_certs: certificates, headers, username, password, timeout } = named;
  if (written(certificates) === false) tools.fail('J_LOOKUP', "The lookup 'url' cannot go without certificates here.");
  const passed = Object.entries({ headers, username, password, timeout }).filter(([, value]) => value !== undefined);
  const answer = call('url', [address ?? literal('')], text, Object.fromEntries(passed) as Record<string, Term>);
  return written(lines) === false ? answer : call('splitlines', [answer], listOf(text));
}

/** Lookups that give a list also to `lookup`, where `query` is not needed. */
const listing = new Set([
  'url',
  'varnames',
  'dict',
  'flattened',
  'fileglob',
  'items',
  'list',
  'subelements',
  'together',
  'nested',
  'cartesian',
]);

/** Those of which `lookup` makes one text. */
const joining = new Set(['fileglob', 'url', 'varnames']);

function lookup({ positional, named }: Terms, tools: Tools, asList: boolean): Term {
  const [name, ...args] = positional;
  const known = written(name);
  if (typeof known !== 'string') return tools.fail('J_LOOKUP', 'A lookup whose name is computed has no translation.');
  const short = known.slice(known.lastIndexOf('.') + 1);
  const make = Object.hasOwn(lookups, short) ? lookups[short] : undefined;
  if (!make)
    return tools.fail('J_LOOKUP', `The lookup '${short}' has no counterpart; get its value by a task with 'register'.`);
  const { errors: _errors, wantlist: _wantlist, ...rest } = named;
  const found = make(args, rest, tools);
  if (listing.has(short) && found.type.kind !== 'text') {
    const joins = joining.has(short) && !asList && written(named.wantlist) !== true;
    return joins ? call('join', [found, literal(',')], text) : found;
  }
  return asList && found.type.kind !== 'list' ? { kind: 'list', items: [found], type: listOf(found.type) } : found;
}

function listOf(item: JinjaType): JinjaType {
  return { kind: 'list', item };
}

function renamed(path: Term, tools: Tools): Term {
  const name = written(path);
  return typeof name === 'string' ? literal(tools.templateName(name)) : path;
}

/** The translation of a function; undefined where there is none. */
export function functionOf(name: string): Function | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}
