import { call, literal, operator } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { boolean, joinTypes, list, mapping, number, text, unknown } from '../types.ts';
import { arg, helper, written } from './arguments.ts';
import type { Terms, Translation } from './arguments.ts';
import { truth } from './truth.ts';

const asDefault: Translation = (of, args) => {
  const other = arg(args, 0, 'default_value') ?? literal('');
  const empty = written(arg(args, 1, 'boolean')) === true;
  const type = joinTypes(of.type, other.type);
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

/** As many groups as are named come as a list; without one the match. */
const regexSearch: Translation = (of, args) =>
  call('regexSearch', [of, pattern(args, 0, ['regex']), ...groups(args)], args.positional.length > 1 ? list : unknown);

/** Groups are `\\1` or `\\g<name>`; a pattern with a group and no group named gives the whole match. */
function groups({ positional }: Terms): Term[] {
  return positional.slice(1);
}

const regexFindall: Translation = (of, args) => call('regexFindAll', [of, pattern(args, 0, ['regex'])], list);

/** Filters about single values whose translation depends on the value. */
export const valueFilters: Readonly<Record<string, Translation>> = {
  default: asDefault,
  d: asDefault,
  string: asText,
  safe: (of) => of,
  bool: (of) => (of.type.kind === 'boolean' ? of : call('toBool', [of], boolean)),
  int: (of, args, tools) => (isWhole(of) ? of : helper('toInt', 'default base>base', number)(of, args, tools)),
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
  items: (of) => call('pairs', [of], list),
};

function isWhole(term: Term): boolean {
  return term.kind === 'call' && (term.name === 'toInt' || term.name === 'length' || term.name === 'size');
}

/** What Python makes of a value between texts. */
export function pyText(of: Term): Term {
  return of.type.kind === 'text' ? of : call('pyText', [of], text);
}
