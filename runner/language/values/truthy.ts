/** What `#if`, `and`, `or`, `not` and `ternary` take for true, as Handlebars does. */
export function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** What Ansible takes for true, as Python does: an empty mapping is false too. */
export function pythonTruthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return truthy(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || Object.keys(value).length > 0;
}
