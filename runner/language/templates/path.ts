import type { Frame, Data } from './frame.ts';
import { Root } from './frame.ts';
import { placeOf, templateError } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import type { PathExpression } from './template.ts';
import { undefinedKey, undefinedVariable } from '../values/undefined.ts';
import { Unknown } from '../values/unknown.ts';

/** The value of `a.b.[c]`, `../a`, `this.a`, `@key`. Throws E_UNDEFINED at the path's place. */
export function readPath(path: PathExpression, frame: Frame, on: Evaluation): unknown {
  const read = walk(path, frame);
  if (!read.missing) return read.value;
  const [reached, key, container] = read.missing;
  const at = placeOf(path, on);
  if (container instanceof Root) throw undefinedVariable(key, container.scope.names(), at);
  if (reached.length > 0) throw undefinedKey(reached, key, container, at);
  throw undefinedVariable(key, keysIn(container), at, outside(key, on));
}

/** The same, but undefined where any part of the path is missing: for `default`, `defined` and `#if`. */
export function peekPath(path: PathExpression, frame: Frame): unknown {
  return walk(path, frame).value;
}

/** What is missing: the path as far as it led, the key that is not there, and the container without it. */
type Missing = [reached: string[], key: string, container: unknown];

function walk(path: PathExpression, frame: Frame): { value?: unknown; missing?: Missing } {
  const parts = [...path.parts] as string[];
  let [value, reached] = start(path, parts, frame);
  for (const part of parts) {
    if (!has(value, part)) return { missing: [reached, part, value] };
    value = member(value, part);
    reached = [...reached, part];
  }
  return { value };
}

/** Where the path begins; takes from `parts` what it has used. */
function start(path: PathExpression, parts: string[], frame: Frame): [unknown, string[]] {
  if (path.data) return [climbData(frame.data, path.depth), []];
  const head = parts[0];
  const scoped = /^(\.|this\b)/.test(path.original);
  if (path.depth === 0 && !scoped && head !== undefined && Object.hasOwn(frame.params, head)) {
    parts.shift();
    return [frame.params[head], [head]];
  }
  return [climb(frame, path.depth)?.context, []];
}

function climb(frame: Frame, depth: number): Frame | undefined {
  let found: Frame | undefined = frame;
  for (let i = 0; i < depth; i++) found = found?.outer;
  return found;
}

function climbData(data: Data, depth: number): Record<string, unknown> | undefined {
  let found: Data | undefined = data;
  for (let i = 0; i < depth; i++) found = found?.outer;
  return found?.values;
}

function member(container: unknown, key: string): unknown {
  if (container instanceof Root) return container.scope.get(key);
  return container instanceof Unknown ? container.get(key) : (container as Record<string, unknown>)[key];
}

/** Own keys only, so that no template reaches a prototype. */
function has(container: unknown, key: string): boolean {
  if (container instanceof Root) return container.scope.has(key);
  if (container instanceof Unknown) return container.get(key) !== undefined;
  return container !== null && container !== undefined && Object.hasOwn(Object(container), key);
}

function keysIn(context: unknown): string[] {
  return typeof context === 'object' && context !== null ? Object.keys(context) : [];
}

function outside(key: string, on: Evaluation): string | undefined {
  return on.root.scope.has(key)
    ? `in this block names belong to the item; the variable outside is @root.${key}`
    : undefined;
}

/** For helpers that are about a whole template: `this` at the top is not a value. */
export function refuseRoot(value: unknown, path: PathExpression, on: Evaluation): unknown {
  if (value instanceof Root) throw templateError("'this' has no value outside of a block", path, on);
  return value;
}
