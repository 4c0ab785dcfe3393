import { found, isMapping } from '../../../diagnostics/found.ts';
import { isOf } from './types.ts';

/** What one argument must be, as `meta/argument_specs.yml` of a role says it. */
export interface ArgumentSpec {
  type?: string;
  required?: boolean;
  choices?: unknown[];
  /** The type of a list's items. */
  elements?: string;
  /** The arguments within a mapping, or within each mapping of a list. */
  options?: Record<string, ArgumentSpec>;
  no_log?: boolean;
}

/**
 * What is wrong with arguments, a sentence for each; none where all is right. Arguments that the specification does not
 * name are wrong within an argument only: outermost they are variables like any other.
 *
 * @param within the argument that these are in, for messages
 */
export function argumentErrors(
  specs: Readonly<Record<string, ArgumentSpec>>,
  values: Readonly<Record<string, unknown>>,
  within?: string,
): string[] {
  const at = (name: string) => (within === undefined ? name : `${within}.${name}`);
  const missing = Object.keys(specs).filter((name) => specs[name]?.required === true && !Object.hasOwn(values, name));
  const unknown = within === undefined ? [] : Object.keys(values).filter((name) => !Object.hasOwn(specs, name));
  return [
    ...(missing.length > 0 ? [`missing required arguments: ${missing.map(at).join(', ')}`] : []),
    ...unknown.map((name) => `'${at(name)}' is not an argument; expected ${Object.keys(specs).join(', ')}`),
    ...Object.entries(values).flatMap(([name, value]) => valueErrors(specs[name], value, at(name))),
  ];
}

function valueErrors(spec: ArgumentSpec | undefined, value: unknown, name: string): string[] {
  if (spec === undefined || value === null || value === undefined) return [];
  const shown = (part: unknown) => (spec.no_log === true ? 'another value' : found(part));
  const { type = 'str', elements, choices, options } = spec;
  if (!isOf(type, value)) return [`'${name}': found ${shown(value)}, expected ${type}`];
  const items = type === 'list' ? itemsOf(value) : [value];
  const allowed = choices?.map(String);
  return items.flatMap((item, index) => {
    const place = type === 'list' ? `${name}[${index}]` : name;
    if (type === 'list' && elements !== undefined && !isOf(elements, item))
      return [`'${place}': found ${shown(item)}, expected ${elements}`];
    if (allowed && !allowed.includes(String(item)))
      return [`'${place}': found ${shown(item)}, expected one of ${allowed.join(', ')}`];
    return options && isMapping(item) ? argumentErrors(options, item, place) : [];
  });
}

/** A text with commas is a list to Ansible. */
function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : String(value).split(',');
}
