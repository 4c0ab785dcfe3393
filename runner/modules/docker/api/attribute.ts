import { isDeepStrictEqual } from 'node:util';

/** How a found value is compared with the one that the arguments ask for. */
export type Comparison = 'strict' | 'ignore' | 'allow_more_present';

/** What kind of value an attribute has, which says what "equal" means. */
export type Kind = 'value' | 'list' | 'set' | 'dictionary';

/** Found and expected differ; both as a diff shows them. */
export interface Differing {
  before: string;
  after: string;
}

/**
 * Compares two values in Docker's own terms; undefined where they are equal. Equality never depends on how a value is
 * displayed: values that differ but display alike are displayed as JSON.
 */
export function differing(kind: Kind, comparison: Comparison, found: unknown, wanted: unknown): Differing | undefined {
  if (comparison === 'ignore') return undefined;
  const more = comparison === 'allow_more_present';
  if (kind === 'set') return sets(found as string[], wanted as string[], more);
  if (kind === 'dictionary')
    return dictionaries(found as Record<string, string>, wanted as Record<string, string>, more);
  return isDeepStrictEqual(found, wanted)
    ? undefined
    : shown(found, wanted, kind === 'list' ? (value) => showWords(value as string[]) : showValue);
}

function sets(found: string[], wanted: string[], more: boolean): Differing | undefined {
  const [has, needs] = [new Set(found), new Set(wanted)];
  const missing = [...needs].filter((one) => !has.has(one));
  const extra = [...has].filter((one) => !needs.has(one));
  if (missing.length === 0 && (more || extra.length === 0)) return undefined;
  return shown([...has].sort(), more ? [...new Set([...has, ...needs])].sort() : [...needs].sort(), showWords);
}

function dictionaries(
  found: Record<string, string>,
  wanted: Record<string, string>,
  more: boolean,
): Differing | undefined {
  const names = new Set([...Object.keys(wanted), ...(more ? [] : Object.keys(found))]);
  const changed = [...names].filter(
    (name) => !Object.hasOwn(found, name) || !Object.hasOwn(wanted, name) || found[name] !== wanted[name],
  );
  if (changed.length === 0) return undefined;
  const only = (values: Record<string, string>) =>
    Object.fromEntries(
      changed.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name] as string]),
    );
  return shown(only(found), only(wanted), showDictionary);
}

function shown<T>(found: T, wanted: T, show: (value: T) => string): Differing {
  const [before, after] = [show(found), show(wanted)];
  return before === after ? { before: JSON.stringify(found), after: JSON.stringify(wanted) } : { before, after };
}

function showValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** Words with blanks between them; one that has blanks or quotes itself is written as JSON. */
export function showWords(words: readonly string[]): string {
  return words.map(showWord).join(' ');
}

/** `a=1 b="two words"`, in the order of the names. */
export function showDictionary(values: Record<string, string>): string {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value === '' ? '' : showWord(value)}`)
    .join(' ');
}

function showWord(word: string): string {
  return word !== '' && !/[\s"'\\\p{C}]/u.test(word) ? word : JSON.stringify(word);
}
