import { blockNames } from '../blocks.ts';
import { readsOfCondition } from '../../conditions/cel.ts';
import { nodesBelow } from '../syntax.ts';
import type { AnyNode } from '../syntax.ts';
import { parseTemplate } from '../template.ts';
import type * as T from '../template.ts';
import type { Expr } from '../../../model/playbook.ts';

/** Any name: the value includes a partial, or cannot be parsed. */
export const anything = '*';

const nothing: ReadonlySet<string> = new Set();
const ofTexts = new Map<string, ReadonlySet<string>>();
const ofObjects = new WeakMap<object, ReadonlySet<string>>();

/**
 * The names that a template, a condition ({@link Expr}) or a whole value reads first: `a` of `a.b.c`. Names inside of
 * `#each` and `#with` count too, for they may be variables.
 */
export function readsOf(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string') return readsOfText(value);
  if (typeof value !== 'object' || value === null) return nothing;
  const known = ofObjects.get(value);
  if (known) return known;
  const found = isExpr(value) ? readsOfCondition(value.source) : union(Object.values(value).map(readsOf));
  ofObjects.set(value, found);
  return found;
}

function readsOfText(text: string): ReadonlySet<string> {
  if (!text.includes('{{')) return nothing;
  const known = ofTexts.get(text);
  if (known) return known;
  const found = new Set<string>();
  try {
    collect(parseTemplate(text, () => undefined).program, found);
  } catch {
    found.add(anything);
  }
  if (ofTexts.size > 20_000) ofTexts.clear();
  ofTexts.set(text, found);
  return found;
}

function isExpr(value: object): value is Expr {
  const keys = Object.keys(value);
  return keys.length === 2 && 'source' in value && 'at' in value && typeof value.at === 'object';
}

function union(sets: ReadonlySet<string>[]): ReadonlySet<string> {
  const some = sets.filter((set) => set.size > 0);
  return some.length === 0 ? nothing : new Set(some.flatMap((set) => [...set]));
}

/** What a node calls is a helper or a block, everything else that is a path is read. */
function collect(node: T.Node, into: Set<string>): void {
  const { type, path } = node as AnyNode;
  if (type === 'PathExpression') return collectPath(node as T.PathExpression, into);
  if (type === 'PartialStatement' || type === 'PartialBlockStatement') into.add(anything);
  if (path && !isCall(node as AnyNode)) collect(path, into);
  for (const inner of nodesBelow(node)) collect(inner, into);
}

function collectPath(path: T.PathExpression, into: Set<string>): void {
  const parts = path.parts as string[];
  const name = path.data ? (parts[0] === 'root' ? parts[1] : undefined) : parts[0];
  if (name !== undefined) into.add(name);
}

function isCall({ type, path, params = [], hash }: AnyNode): boolean {
  if (type === 'SubExpression' || type === 'DecoratorBlock' || params.length > 0 || hash) return true;
  const name = (path as T.PathExpression).original;
  return type === 'BlockStatement' && blockNames.has(name);
}
