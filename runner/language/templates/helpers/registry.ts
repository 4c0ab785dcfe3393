import type { Helper, HelperGroup } from './helper.ts';
import { arithmetic } from './arithmetic.ts';
import { combining } from './combining.ts';
import { comments } from './comments.ts';
import { formats } from './formats.ts';
import { hashes } from './hashes.ts';
import { ipFilters } from './ipaddr.ts';
import { moments } from './moments.ts';
import { paths } from './paths.ts';
import { callable, selecting } from './selecting.ts';
import { tests } from './tests.ts';
import { wording } from './wording.ts';
import { choosing } from './choosing.ts';
import { comparisons } from './comparisons.ts';
import { encodings } from './encodings.ts';
import { listSums } from './list-sums.ts';
import { lists } from './lists.ts';
import { mappings } from './mappings.ts';
import { networks } from './networks.ts';
import { numbers } from './numbers.ts';
import { texts } from './texts.ts';
import { values } from './values.ts';

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
