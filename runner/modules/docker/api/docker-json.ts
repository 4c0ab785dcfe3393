/** What docker printed as JSON. Throws a plain Error that quotes the end of what is not complete. */
export function dockerJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`docker printed no complete JSON; it ends in: ${JSON.stringify(text.slice(-60))}`);
  }
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
