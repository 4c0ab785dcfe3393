import type * as T from './template.ts';

/** Any node of a template, with what may be below it. */
export interface AnyNode extends T.Node {
  /** What it calls, or reads. */
  path?: T.Expression;
  params?: T.Expression[];
  hash?: T.Hash;
  body?: T.Statement[];
  program?: T.Program;
  inverse?: T.Program;
}

/** The nodes right below one, in the order of the text; not what it calls. */
export function nodesBelow(node: T.Node): T.Node[] {
  const { params = [], hash, body = [], program, inverse } = node as AnyNode;
  const values = hash?.pairs.map((pair) => pair.value) ?? [];
  return [...params, ...values, ...body, ...(program ? [program] : []), ...(inverse ? [inverse] : [])];
}
