import { YAMLException, load } from 'js-yaml';

/** The line, from 1, of a key that an object of a JSON text has twice; undefined where there is none. JSON.parse keeps the last one. */
export function lineOfDuplicateKey(json: string): number | undefined {
  try {
    load(json);
    return undefined;
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.reason.includes('duplicate')) return undefined;
    return (error.mark?.line ?? 0) + 1;
  }
}
