/** What `program` printed as JSON. Throws a plain Error that quotes the end of what is not complete. */
export function printedJson<T>(text: string, program: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${program} printed no complete JSON; it ends in: ${JSON.stringify(text.slice(-60))}`);
  }
}
