import { call, literal, not, operator } from '../target/term.ts';
import type { TermOperator } from '../target/term.ts';
import { boolean } from '../types.ts';
import { arg, helper, written } from './arguments.ts';
import type { Translation } from './arguments.ts';
import { truth } from './truth.ts';

/** Tests whose helper takes the same arguments: `name>helper(jinja's parameters)`. */
const plain =
  'defined ' +
  'string>isString number>isNumber integer>isInteger float>isFloat boolean>isBoolean mapping>isMapping ' +
  'sequence>isSequence iterable>isIterable even>isEven odd>isOdd lower>isLower upper>isUpper divisibleby>divisibleBy(num) ' +
  'subset>isSubset(b) superset>isSuperset(b) issubset>isSubset(b) issuperset>isSuperset(b) contains(value) sameas>sameAs(other) ' +
  'abs>isAbs file>isFile directory>isDirectory exists>isExists is_file>isFile is_dir>isDirectory any>anyTrue all>allTrue ' +
  ' url>isUrl';

/** What a result says of itself: conditions have functions for it, templates look at the result. */
const status =
  (name: string, key: string, negated: boolean): Translation =>
  (of, _args, { language }) => {
    if (language === 'cel') return call(name, [of], boolean);
    const holds = call('get', [of, literal(key), literal(false)], boolean);
    return negated ? not(holds) : holds;
  };

/** The tests that old playbooks write as filters. */
export const oldFilters: ReadonlySet<string> = new Set(
  'changed failed succeeded success skipped unreachable match search version version_compare'.split(' '),
);

const compares =
  (sign: TermOperator): Translation =>
  (of, args, tools) => {
    const other = args.positional[0] ?? tools.fail('J_TEST', 'This test needs a value to compare with.');
    return operator(sign, of, other);
  };

/** Python's `match` begins at the beginning, `fullmatch` ends at the end too. */
function matching(before: string, after: string): Translation {
  return (of, args, tools) => {
    const given = arg(args, 0, 'pattern') ?? tools.fail('J_TEST', 'This test needs a pattern.');
    const flags =
      (written(args.named.ignorecase) === true ? 'i' : '') + (written(args.named.multiline) === true ? 'm' : '');
    const start = flags ? `(?${flags})` : '';
    if (given.kind === 'literal')
      return call('matches', [of, literal(start + anchored(String(given.value), before, after))], boolean);
    if (start || after) return tools.fail('J_TEST', 'A pattern with flags must be written there.');
    return call(before ? 'isMatch' : 'matches', [of, given], boolean);
  };
}

function anchored(pattern: string, before: string, after: string): string {
  if (!before || pattern.startsWith('^')) return pattern + after;
  return /\|/.test(pattern) ? `${before}(?:${pattern})${after}` : before + pattern + after;
}

const version: Translation = (of, args) => {
  const other = arg(args, 0, 'version') ?? literal('0');
  const sign = written(arg(args, 1, 'operator')) ?? '==';
  const names: Record<string, string> = {
    eq: '==',
    '=': '==',
    ne: '!=',
    '<>': '!=',
    lt: '<',
    le: '<=',
    gt: '>',
    ge: '>=',
  };
  return call('version', [of, literal(names[String(sign)] ?? sign), other], boolean);
};

const entry = /(\w+)(?:>(\w+))?(?:\(([^)]*)\))?/g;

const table: Readonly<Record<string, Translation>> = {
  ...Object.fromEntries(
    [...plain.matchAll(entry)].map(([, name = '', target = name, params = '']) => [
      name,
      helper(target, params, boolean),
    ]),
  ),
  undefined: (of) => not(call('defined', [of], boolean)),
  none: (of) => operator('==', of, literal(null)),
  true: (of) => operator('==', of, literal(true)),
  false: (of) => operator('==', of, literal(false)),
  truthy: (of) => truth(of),
  falsy: (of) => not(truth(of)),
  in: (of, args) => operator('in', of, args.positional[0] ?? literal('')),
  ...Object.fromEntries(
    (
      [
        ['== eq equalto', '=='],
        ['!= ne', '!='],
        ['< lt lessthan', '<'],
        ['<= le', '<='],
        ['> gt greaterthan', '>'],
        ['>= ge', '>='],
      ] as const
    ).flatMap(([names, sign]) => names.split(' ').map((name) => [name, compares(sign)])),
  ),
  match: matching('^', ''),
  search: matching('', ''),
  regex: matching('', ''),
  version,
  version_compare: version,
  ...Object.fromEntries(
    ['changed', 'failed', 'skipped', 'unreachable', 'finished'].map((name) => [name, status(name, name, false)]),
  ),
  ...Object.fromEntries(
    ['succeeded', 'success', 'successful'].map((name) => [name, status('succeeded', 'failed', true)]),
  ),
};

/** The translation of a test; undefined where it has none. A collection's name in front counts for nothing. */
export function testOf(name: string): Translation | undefined {
  const short = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(table, short) ? table[short] : undefined;
}
