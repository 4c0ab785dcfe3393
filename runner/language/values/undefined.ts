import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';

/** Names that are there in some places only. */
const own: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  item: "only what has a 'loop' has it, and what is included in a loop",
  result: "only 'until', 'changed_when' and 'failed_when' have it: keep a result by 'register'",
});

/** E_UNDEFINED: no layer has a variable of this name; `known` are the names there are. */
export function undefinedVariable(name: string, known: Iterable<string>, at?: Position, note?: string): XrunError {
  const hint =
    own[name] ??
    ([
      note,
      didYouMean(
        name,
        [...known].filter((other) => other !== name),
      ),
    ]
      .filter(Boolean)
      .join('; ') ||
      unset(name));
  return new XrunError('E_UNDEFINED', `'${name}' is not defined`, { hint, ...(at && { at }) });
}

/** E_UNDEFINED: `container`, found at `path`, has no `key`; the message says what it has. */
export function undefinedKey(path: readonly string[], key: string, container: unknown, at?: Position): XrunError {
  const where = path.join('.');
  const keys = keysOf(container);
  const message = `${where}.${key}: '${key}' is not defined in ${where}; ${has(container, keys)}`;
  const hint = didYouMean(key, keys);
  return new XrunError('E_UNDEFINED', message, { ...(hint && { hint }), ...(at && { at }) });
}

/** A value's kind in the words of a playbook's author: `text`, `number`, `list`... */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'mapping';
  if (typeof value === 'string') return 'text';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function unset(name: string): string {
  return `set ${name} in the inventory, in vars or with -e ${name}=...`;
}

function keysOf(container: unknown): string[] {
  return typeof container === 'object' && container !== null && !Array.isArray(container) ? Object.keys(container) : [];
}

function has(container: unknown, keys: string[]): string {
  if (Array.isArray(container)) return `it is a list of ${container.length}`;
  if (typeof container !== 'object' || container === null)
    return `it is ${kindOf(container) === 'null' ? 'null' : `a ${kindOf(container)}`}`;
  if (keys.length === 0) return 'it is empty';
  const shown = keys.slice(0, 8).join(', ');
  return `it has ${shown}${keys.length > 8 ? ` and ${keys.length - 8} more` : ''}`;
}
