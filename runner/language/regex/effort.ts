import type { Node } from './nodes.ts';

/**
 * How many parts of a pattern may each match a text's characters in several ways, so that an engine which tries them one
 * by one needs at most length ** (this + 1) steps. Infinity where it may be exponential: what repeats holds something
 * that repeats, or alternatives.
 */
export function degree(body: readonly Node[][]): number {
  return body.flat().reduce((sum, node) => sum + ofNode(node), 0);
}

function ofNode(node: Node): number {
  if (node.kind === 'group') return degree(node.body);
  if (node.kind === 'look' || node.kind === 'back') return Infinity;
  if (node.kind !== 'repeat' || node.max === 1) return node.kind === 'repeat' ? ofNode(node.body) : 0;
  return isSimple(node.body) ? 1 : Infinity;
}

/** One character, whatever it is, or a sequence of them. */
function isSimple(node: Node): boolean {
  if (node.kind === 'group') return node.body.length === 1 && (node.body[0] as Node[]).every(isSimple);
  return node.kind === 'char' || node.kind === 'any' || node.kind === 'class';
}
