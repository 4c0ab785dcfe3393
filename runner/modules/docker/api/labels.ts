import * as z from 'zod';
import { text } from '../../../model/arguments/scalars.ts';

/** Labels or other names with values, as tasks write them. */
export const dictionary = z.record(z.string(), text);

/** What has to be set and removed to come from `found` to `wanted`; with `exact` everything else goes. */
export function dictionaryChange(
  found: Record<string, string>,
  wanted: Record<string, string>,
  exact: boolean,
): { set: Record<string, string>; remove: string[]; after: Record<string, string> } {
  const set = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => found[name] !== value));
  const remove = exact ? Object.keys(found).filter((name) => !(name in wanted)) : [];
  const after = Object.fromEntries(Object.entries({ ...found, ...wanted }).filter(([name]) => !remove.includes(name)));
  return { set, remove, after };
}

/** `a=1 b=2`, in the order of the names. */
export function formatDictionary(values: Record<string, string>): string {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
