import type { Diff } from '../../../model/events.ts';
import { showDictionary } from './attribute.ts';

type Same = (found: string | undefined, wanted: string | undefined) => boolean;

/** Where names with values are not as wanted, as one difference of those that differ; others that are set are left. */
export function dictionaryDrift(
  name: string,
  attribute: string,
  found: Record<string, string>,
  wanted: Record<string, string> = {},
  same: Same = Object.is,
): Diff[] {
  const changed = Object.keys(wanted).filter((key) => !Object.hasOwn(found, key) || !same(found[key], wanted[key]));
  if (changed.length === 0) return [];
  const only = (values: Record<string, string>) =>
    showDictionary(
      Object.fromEntries(
        changed.filter((key) => Object.hasOwn(values, key)).map((key) => [key, values[key] as string]),
      ),
    );
  return [{ what: `${name} ${attribute}`, before: only(found), after: only(wanted) }];
}
