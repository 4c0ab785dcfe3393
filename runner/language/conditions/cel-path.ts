import type { CelNode } from './cel.ts';
import type { Scope } from '../../model/variables.ts';
import { Unknown } from '../values/unknown.ts';

/** The value at a path of names; undefined where a part is missing. */
export function follow(path: string[], scope: Scope): unknown {
  const [name = '', ...keys] = path;
  if (!scope.has(name)) return undefined;
  return keys.reduce<unknown>(member, scope.get(name));
}

/** Own keys only: no condition reaches a prototype. */
function member(container: unknown, key: string): unknown {
  if (container instanceof Unknown) return container.get(key);
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined;
  return (container as Record<string, unknown>)[key];
}

/** `a.b["c"]` as a path; undefined where a part is computed. */
export function pathOf(node: CelNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [left, right] = node.args;
  const path = pathOf(left);
  if (typeof right === 'string') return path && [...path, right];
  return right.op === 'value' ? path && [...path, String(right.args)] : undefined;
}

/** The first node of a condition, from its root down, that is `wanted`. */
export function find(node: unknown, wanted: (node: CelNode) => boolean): CelNode | undefined {
  if (Array.isArray(node)) return node.map((inner: unknown) => find(inner, wanted)).find(Boolean);
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined;
  const here = node as CelNode;
  if (wanted(here)) return here;
  return here.op === 'value' || here.op === 'id' ? undefined : find(here.args, wanted);
}
