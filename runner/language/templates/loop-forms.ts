import { XrunError } from '../../diagnostics/errors.ts';
import { BadArgument } from './helpers/helper.ts';
import type { Reach } from './helpers/helper.ts';
import { firstFound } from './helpers/texts/paths.ts';
import { helpers } from './helpers/registry.ts';

/** A way to write a loop besides `loop`: Ansible's lookups. */
interface LoopForm {
  summary: string;
  /** The items that its terms give; what is not a list is a list of one term. */
  items(terms: unknown[], reach: Reach): unknown[];
}

/** By the name behind `with_`; each becomes a keyword. */
export const loopForms: Readonly<Record<string, LoopForm>> = {
  items: { summary: 'As loop; lists in the list are opened by one level.', items: (terms) => terms.flat() },
  list: { summary: 'As loop.', items: (terms) => terms },
  dict: {
    summary: 'Run once for each pair (item.key, item.value) of a mapping.',
    items: (terms, reach) => terms.flat().flatMap((one) => call('items', [one], reach)),
  },
  flattened: { summary: 'As loop; all lists in the list are opened.', items: (terms) => terms.flat(Infinity) },
  indexed_items: {
    summary: 'Run once for each pair (item.0, item.1) of an index from 0 and an item.',
    items: (terms) => terms.flat().map((item, index) => [index, item]),
  },
  together: {
    summary: 'Run once for the first items of all lists, then for the second ones; null where a list is shorter.',
    items: (terms, reach) => call('zipLongest', terms, reach),
  },
  nested: {
    summary: 'Run once for every combination of an item of each list.',
    items: (terms, reach) => call('product', terms, reach),
  },
  cartesian: { summary: 'As with_nested.', items: (terms, reach) => call('product', terms, reach) },
  subelements: {
    summary: 'Run once for each pair (item.0, item.1) of an item of the list and an item of the list that is its key.',
    items: ([list, key, flags], reach) => call('subelements', [list, key], reach, skipMissing(flags)),
  },
  sequence: {
    summary: 'Run once for each number: `start=1 end=5 stride=2 format=web%02d`, or count=.',
    items: (terms, reach) => terms.flatMap((one) => sequence(one, reach)),
  },
  random_choice: {
    summary: 'Run once, for an item by chance.',
    items: (terms, reach) => (terms.length === 0 ? [] : [value('random', [terms.flat()], reach)]),
  },
  first_found: {
    summary: 'Run once, for the first file that the controller has; names, or mappings of files, paths and skip.',
    items: (terms, reach) => [firstFound(terms, { ...reach, named: {} })].filter((file) => file !== ''),
  },
  fileglob: {
    summary: 'Run once for each file of the controller that a pattern matches, in files/ of the role and the playbook.',
    items: (terms, reach) => terms.flat().flatMap((pattern) => call('fileglob', [pattern], reach)),
  },
  file: {
    summary: 'Run once for the text of each file of the controller.',
    items: (terms, reach) => terms.flat().map((path) => value('file', [path], reach)),
  },
};

/**
 * The items of a loop that is written by one of the forms.
 *
 * @param terms what the keyword holds, rendered
 */
export function loopItems(form: string, terms: unknown, reach: Reach): unknown[] {
  try {
    return loopForms[form]?.items(Array.isArray(terms) ? terms : [terms], reach) ?? [];
  } catch (error) {
    if (error instanceof BadArgument) throw new XrunError('E_LOOP', `with_${form} ${error.message}`);
    throw error;
  }
}

function value(helper: string, args: unknown[], reach: Reach, named: Record<string, unknown> = {}): unknown {
  return helpers.get(helper)?.run(args, { ...reach, named });
}

function call(helper: string, args: unknown[], reach: Reach, named?: Record<string, unknown>): unknown[] {
  return value(helper, args, reach, named) as unknown[];
}

function skipMissing(flags: unknown): Record<string, unknown> {
  const wanted = typeof flags === 'object' && flags !== null && 'skip_missing' in flags && flags.skip_missing;
  return { skipMissing: wanted === true };
}

/** `start=1 end=5`, `count=5` or a mapping of them. */
function sequence(term: unknown, reach: Reach): unknown[] {
  const words = String(term).matchAll(/(\w+)=(\S+)/g);
  const given = (
    typeof term === 'object' && term !== null
      ? term
      : Object.fromEntries([...words].map(([, key = '', text]) => [key, text]))
  ) as Record<string, unknown>;
  const start = Number(given.start ?? 1);
  const step = Number(given.stride ?? (Number(given.end ?? start) < start ? -1 : 1));
  const end = given.count === undefined ? Number(given.end) : start + (Number(given.count) - 1) * step;
  if (![start, step, end].every(Number.isInteger) || step === 0)
    throw new BadArgument(`expects start=, end= or count=, and stride=, found '${String(term)}'`);
  const numbers = call('range', [start, end + Math.sign(step), step], reach);
  return numbers.map((number) => value('format', [given.format ?? '%d', number], reach));
}
