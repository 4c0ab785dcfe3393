/** What `#if`, `and`, `or`, `not` and `ternary` take for true, as Handlebars does. */
export function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
