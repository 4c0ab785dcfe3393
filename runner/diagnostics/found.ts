/** What was found, in the middle of a message: `the text "abc"`, `a list`, `nothing`. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object')
    return Object.getPrototypeOf(value) === Object.prototype ? 'a mapping' : 'a tagged text';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
  return `the ${typeof value} ${String(value)}`;
}

/** A mapping as YAML makes it: no list, no tagged text. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A string with a template in it. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && value.includes('{{');
}
