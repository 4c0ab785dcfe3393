/**
 * What `#if`, `and`, `or`, `not` and `ternary` take for true: not false, null, 0, empty text, an empty list or an empty
 * mapping, as Python and so Ansible do.
 */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object' || value === null) return Boolean(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || Object.keys(value).length > 0;
}
