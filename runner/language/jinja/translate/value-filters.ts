import { call, literal, operator } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { boolean, joinTypes, list, mapping, number, text, unknown } from '../types.ts';
import { arg, helper, written } from './arguments.ts';
import type { Terms, Translation } from './arguments.ts';
import { truth } from './truth.ts';

const asDefault: Translation = (of, args, { language }) => {
  const other = arg(args, 0, 'default_value') ?? literal('');
  const empty = written(arg(args, 1, 'boolean')) === true;
  const type = joinTypes(of.type, other.type);
  if (empty && language === 'cel') return call('default', [of, other, literal(true)], type);
  return call('default', [of, other], type, empty ? { empty: literal(true) } : {});
};

/** Python's text of a value. */
const asText: Translation = (of) => {
  if (of.type.kind === 'text') return of;
  return of.kind === 'literal' && typeof of.value === 'number' ? literal(String(of.value)) : call('pyText', [of], text);
};

/** `a if b else c` by a filter; the third of null is no counterpart to false. */
const ternary: Translation = (of, args, tools) => {
  const then = arg(args, 0, 'true_val');
  const other = arg(args, 1, 'false_val');
  const none = arg(args, 2, 'none_val');
  if (!then || !other) return tools.fail('J_FILTER', "The filter 'ternary' needs two values.");
  const type = joinTypes(then.type, other.type);
  const choice: Term = { kind: 'choice', test: truth(of), then, other, type };
  return none
    ? { kind: 'choice', test: operator('==', of, literal(null)), then: none, other: choice, type: unknown }
    : choice;
};

/** A pattern with the flags that Ansible has as arguments. */
function pattern(args: Terms, index: number, names: string[]): Term {
  const given = arg(args, index, names[0]!) ?? literal('');
  const flags = [
    written(args.named.ignorecase) === true ? 'i' : '',
    written(args.named.multiline) === true ? 'm' : '',
  ].join('');
  return flags && given.kind === 'literal' ? literal(`(?${flags})${String(given.value)}`) : given;
}

const regexReplace: Translation = (of, args) => {
  const replacement = arg(args, 1, 'replace') ?? literal('');
  return call('regexReplace', [of, pattern(args, 0, ['regex', 'pattern']), replacement], text);
};

/** Without a group that is named the whole match, also where the pattern has groups. */
const regexSearch: Translation = (of, args) => {
  const searched = pattern(args, 0, ['regex']);
  const groups = args.positional.slice(1);
  if (groups.length > 0) return call('regexSearch', [of, searched, ...groups], list);
  return call('regexSearch', [of, searched, ...(hasGroups(searched) ? [literal(0)] : [])], unknown);
};

const regexFindall: Translation = (of, args) => {
  const searched = pattern(args, 0, ['regex']);
  return call('regexFindAll', [of, searched], list, hasGroups(searched) ? { groups: literal(true) } : {});
};

function hasGroups(searched: Term): boolean {
  return !(searched.kind === 'literal' && !/\((?!\?)|\(\?P?</.test(String(searched.value)));
}

/** Jinja's cuts between words and appends dots, xrun's is for the other case. */
const truncate: Translation = (of, args, tools) => {
  const plain = written(arg(args, 1, 'killwords')) === true && written(arg(args, 2, 'end')) === '';
  const length = arg(args, 0, 'length') ?? literal(255);
  return plain
    ? call('truncate', [of, length], text)
    : tools.fail('J_FILTER', "The filter 'truncate' has a counterpart only with killwords=true and end=''.");
};

/** `key | extract(container, morekeys)`: a list of further keys is written out. */
const extract: Translation = (of, args) => {
  const more = arg(args, 1, 'morekeys');
  const keys = more?.kind === 'list' ? more.items : more ? [more] : [];
  return call('extract', [of, ...args.positional.slice(0, 1), ...keys], unknown);
};

/** Filters about single values whose translation depends on the value. */
export const valueFilters: Readonly<Record<string, Translation>> = {
  default: asDefault,
  d: asDefault,
  string: asText,
  safe: (of) => of,
  bool: (of) => (of.type.kind === 'boolean' ? of : call('toBool', [of], boolean)),
  int: (of, args, tools) => (isWhole(of) ? of : helper('toInt', 'default', number)(of, args, tools)),
  length: (of, _args, { language }) => call(language === 'cel' ? 'size' : 'length', [of], number),
  count: (of, _args, { language }) => call(language === 'cel' ? 'size' : 'length', [of], number),
  ternary,
  regex_replace: regexReplace,
  regex_search: regexSearch,
  regex_findall: regexFindall,
  strftime: (of, args) => call('strftime', [of, ...args.positional], text),
  attr: (of, args) => call('get', [of, ...args.positional], unknown),
  path_join: (of) => call('pathJoin', [of], text),
  combine: (of, args) => {
    const { recursive, list_merge: listMerge } = args.named;
    const named = { ...(recursive && { recursive }), ...(listMerge && { listMerge }) };
    return call('combine', [of, ...args.positional], mapping, named);
  },
  items: pairs,
  trim: (of, args) => call(args.positional.length > 0 ? 'strip' : 'trim', [of, ...args.positional], text),
  tojson: (of, args) => call('toJson', [of], text, { sortKeys: literal(true), ...args.named }),
  sum: (of, args) => {
    const [key, start] = [arg(args, 0, 'attribute'), arg(args, 1, 'start')];
    const named: Record<string, Term> = key && written(key) !== null ? { key } : {};
    return call('sum', [of, ...(start ? [start] : [])], start?.type ?? number, named);
  },
  truncate,
  extract,
  // What the end of a template becomes; see template/ending.ts.
  end_line: (of) => call('endLine', [of], text),
};

function isWhole(term: Term): boolean {
  return term.kind === 'call' && (term.name === 'toInt' || term.name === 'length' || term.name === 'size');
}

/** The keys of a mapping with their values, as Python's `items()` gives them. */
export function pairs(of: Term): Term {
  return call('zip', [call('keys', [of], list), call('values', [of], list)], list);
}

/** What Python makes of a value between texts. */
export function pyText(of: Term): Term {
  return of.type.kind === 'text' ? of : call('pyText', [of], text);
}
