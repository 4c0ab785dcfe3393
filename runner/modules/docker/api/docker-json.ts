import { printedJson } from '../../shared/json.ts';

/** What docker printed as JSON. Throws a plain Error that quotes the end of what is not complete. */
export function dockerJson<T>(text: string): T {
  return printedJson(text, 'docker');
}

/** Throws a plain Error where docker was asked for `ids`, which the probe printed as lines `KEY=ID`, and did not report each. */
export function expectAll(
  output: string,
  key: string,
  found: readonly { Id?: string; ID?: string; id?: string }[],
): void {
  const ids = [...output.matchAll(new RegExp(`^${key}=(.+)$`, 'gm'))].map(([, id = '']) => id);
  const missing = ids.filter((id) => !found.some((one) => (one.Id ?? one.ID ?? one.id ?? '').startsWith(id)));
  if (missing.length > 0)
    throw new Error(`docker was asked for ${ids.length} things and did not report ${missing.join(', ')}`);
}
