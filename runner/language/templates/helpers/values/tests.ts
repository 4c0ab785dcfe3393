import { isDeepStrictEqual } from 'node:util';
import { truthy } from '../../../values/truthy.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { holds } from '../items.ts';
import { helper } from '../table.ts';
import { integer, list, text } from '../take.ts';
import { matching, patternFlags } from '../texts/patterns.ts';

/** What a value is like: for `#if`, and by their names for `select` and its kind. */
export const tests: HelperGroup = {
  title: 'Tests',
  helpers: [
    helper('isString value', 'Whether it is text.', ['{{isString "a"}}', true], ([v]) => typeof v === 'string'),
    helper('isNumber value', 'Whether it is a number.', ['{{isNumber 1}}', true], ([v]) => typeof v === 'number'),
    helper('isInteger value', 'Whether it is a whole number.', ['{{isInteger 1}}', true], ([v]) => Number.isInteger(v)),
    helper(
      'isFloat value',
      'Whether it is a number with a fraction.',
      ['{{isFloat 1.5}}', true],
      ([v]) => typeof v === 'number' && !Number.isInteger(v),
    ),
    helper(
      'isBoolean value',
      'Whether it is true or false.',
      ['{{isBoolean 1}}', false],
      ([v]) => typeof v === 'boolean',
    ),
    helper('isMapping value', 'Whether it is a mapping.', ['{{isMapping (dict)}}', true], ([v]) => isMapping(v)),
    helper(
      'isSequence value',
      'Whether it is a list, a mapping or text, as in Jinja; isList asks for a list alone.',
      ['{{isSequence "a"}}', true],
      ([v]) => isIterable(v),
    ),
    helper('isIterable value', 'The same as isSequence.', ['{{isIterable 1}}', false], ([v]) => isIterable(v)),
    helper('isList value', 'Whether it is a list.', ['{{isList (list)}}', true], ([v]) => Array.isArray(v)),
    helper('isNone value', 'Whether it is null.', ['{{isNone a}}', true, { a: null }], ([v]) => v === null),
    helper('isTrue value', 'Whether it is the boolean true.', ['{{isTrue 1}}', false], ([v]) => v === true),
    helper('isFalse value', 'Whether it is the boolean false.', ['{{isFalse false}}', true], ([v]) => v === false),
    helper('isTruthy value', 'The same as truthy.', ['{{isTruthy 1}}', true], ([v]) => truthy(v)),
    helper('isFalsy value', 'Whether it is not truthy.', ['{{isFalsy 0}}', true], ([v]) => !truthy(v)),
    helper('isEven number', 'Whether it is even.', ['{{isEven 2}}', true], (args) => integer(args) % 2 === 0),
    helper('isOdd number', 'Whether it is odd.', ['{{isOdd 2}}', false], (args) => integer(args) % 2 !== 0),
    helper(
      'divisibleBy number by',
      'Whether it can be divided without a remainder.',
      ['{{divisibleBy 6 3}}', true],
      (args) => {
        if (integer(args, 1) === 0) throw new BadArgument('cannot divide by 0', 1);
        return integer(args) % integer(args, 1) === 0;
      },
    ),
    helper('isLower text', 'Whether all its letters are small.', ['{{isLower "a1"}}', true], (args) =>
      isLower(text(args)),
    ),
    helper('isUpper text', 'Whether all its letters are capitals.', ['{{isUpper "A1"}}', true], (args) =>
      isUpper(text(args)),
    ),
    helper(
      'isIn value container',
      'Whether a list has the item, a mapping the key, or a text the part: contains the other way round.',
      ['{{isIn 80 ports}}', true, { ports: [80] }],
      ([value, container]) => contains([container, value]),
    ),
    helper(
      'isSubset list other',
      'Whether the other has all its items.',
      ['{{isSubset a b}}', true, { a: [1], b: [2, 1] }],
      (args) => list(args).every((item) => holds(list(args, 1), item)),
    ),
    helper(
      'isSuperset list other',
      'Whether it has all items of the other.',
      ['{{isSuperset a b}}', false, { a: [1], b: [2, 1] }],
      (args) => list(args, 1).every((item) => holds(list(args), item)),
    ),
    helper('sameAs a b', 'The same as eq.', ['{{sameAs 1 1}}', true], ([a, b]) => isDeepStrictEqual(a, b)),
    helper(
      'isMatch text pattern',
      'Whether a regular expression matches at its beginning.',
      ['{{isMatch "eth0" "th"}}', false],
      (args, { named }) => matching(args, (pattern) => pattern.first(text(args))?.start === 0, named),
      { named: patternFlags },
    ),
    helper(
      'isSearch text pattern',
      'Whether a regular expression matches somewhere in it.',
      ['{{isSearch "eth0" "th"}}', true],
      (args, { named }) => matching(args, (pattern) => pattern.test(text(args)), named),
      { named: patternFlags },
    ),
    helper('anyTrue list', 'Whether one of its items is true.', ['{{anyTrue (list 0 1)}}', true], (args) =>
      list(args).some(truthy),
    ),
    helper('allTrue list', 'Whether all its items are true.', ['{{allTrue (list 0 1)}}', false], (args) =>
      list(args).every(truthy),
    ),
    helper('isUrl text', 'Whether it is an address with a scheme.', ['{{isUrl "https://a.b/c"}}', true], ([v]) =>
      /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(String(v)),
    ),
  ],
};

/** Whether a list has the item, a mapping the key, or a text the part. */
export function contains(args: unknown[]): boolean {
  const [container] = args;
  if (Array.isArray(container)) return holds(container, args[1]);
  if (isMapping(container)) return Object.hasOwn(container, text(args, 1));
  return text(args).includes(text(args, 1));
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIterable(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/** Python's islower: there are letters, and none is a capital. */
function isLower(value: string): boolean {
  return value === value.toLowerCase() && value !== value.toUpperCase();
}

function isUpper(value: string): boolean {
  return value === value.toUpperCase() && value !== value.toLowerCase();
}
