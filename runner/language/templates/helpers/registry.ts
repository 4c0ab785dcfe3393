import type { Helper, HelperGroup } from './helper.ts';
import { arithmetic } from './numbers/arithmetic.ts';
import { combining } from './lists/combining.ts';
import { comments } from './texts/comments.ts';
import { formats } from './values/formats.ts';
import { hashes } from './values/hashes.ts';
import { ipFilters } from './numbers/ipaddr.ts';
import { moments } from './values/moments.ts';
import { paths } from './texts/paths.ts';
import { callable, selecting } from './lists/selecting.ts';
import { tests } from './values/tests.ts';
import { wording } from './texts/wording.ts';
import { choosing } from './values/choosing.ts';
import { comparisons } from './values/comparisons.ts';
import { encodings } from './values/encodings.ts';
import { listSums } from './lists/list-sums.ts';
import { lists } from './lists/lists.ts';
import { mappings } from './values/mappings.ts';
import { networks } from './numbers/networks.ts';
import { numbers } from './numbers/numbers.ts';
import { texts } from './texts/texts.ts';
import { values } from './values/values.ts';

/** All helpers, as the documentation orders them. */
export const groups: readonly HelperGroup[] = [
  choosing,
  values,
  formats,
  texts,
  wording,
  comments,
  numbers,
  arithmetic,
  comparisons,
  tests,
  lists,
  selecting,
  listSums,
  combining,
  mappings,
  encodings,
  hashes,
  moments,
  paths,
  networks,
  ipFilters,
];

/** A helper with the number of its arguments. */
export interface Known extends Helper {
  min: number;
  max: number;
}

/** All helpers by name; plugins add theirs by added.ts. */
export const helpers = new Map<string, Known>(
  groups.flatMap((group) => group.helpers).map((helper) => [helper.name, { ...helper, ...arity(helper) }]),
);
callable(helpers);

/** How many arguments a helper takes: `a b?` is 1 to 2, `a...` is 1 or more, `a...?` any number. */
export function arity({ args }: Helper): { min: number; max: number } {
  const words = args.split(' ').filter(Boolean);
  const optional = words.filter((word) => word.endsWith('?')).length;
  return { min: words.length - optional, max: words.some((word) => word.includes('...')) ? Infinity : words.length };
}
