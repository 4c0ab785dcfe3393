import type { CelNode } from './cel.ts';
import type { Read } from '../templates/needs/read.ts';

/** A range in a condition. */
interface Around {
  /** Names that `exists(x, ...)` and the like give. */
  bound: readonly string[];
  lenient: boolean;
  sure: boolean;
}

/** Spans are offsets into the condition: of the name, and of the name with its key. */
type Report = (read: Omit<Read, 'place' | 'keyPlace'> & { span: Span; keySpan: Span }) => void;

interface Span {
  start: number;
  end: number;
}

/** A node with its span in the text. */
type Placed = CelNode & Span;

const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const presence = new Set(['defined', 'default', 'has']);
const optional = new Set(['.?', '[?]']);

/** Reports the variables that a condition reads. */
export function visitCel(node: unknown, around: Around, report: Report): void {
  if (Array.isArray(node)) {
    for (const inner of node) visitCel(inner, around, report);
    return;
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args, start, end } = node as Placed;
  if (op === 'value') return;
  if (op === 'id') return named({ name: args, span: { start, end } }, { start, end }, around, report);
  if (op === 'call') {
    const [name, [first, ...others]] = args;
    visitCel(first, { ...around, lenient: around.lenient || presence.has(name) }, report);
    return visitCel(others, around, report);
  }
  if (op === 'rcall' && binders.has(args[0])) {
    const [, list, [variable, ...bodies]] = args;
    visitCel(list, around, report);
    return visitCel(bodies, { ...around, sure: false, bound: [...around.bound, String(variable?.args)] }, report);
  }
  if (op === '&&' || op === '||' || op === '?:') {
    const [first, ...others] = args;
    visitCel(first, around, report);
    return visitCel(others, { ...around, sure: false }, report);
  }
  const inside = optional.has(op) ? { ...around, lenient: true } : around;
  const key = keyOf(node as CelNode);
  if (key !== undefined) named(key, { start, end }, inside, report);
  else visitCel(args, inside, report);
}

function named(
  what: { name: string; key?: string; span: Span },
  keySpan: Span,
  { bound, sure, lenient }: Around,
  report: Report,
): void {
  if (!bound.includes(what.name)) report({ ...what, keySpan, sure, lenient });
}

/** `a.b` and `a["b"]`, whose first part is a name and whose second is written there. */
function keyOf({ op, args }: CelNode): { name: string; key: string; span: Span } | undefined {
  if (op !== '.' && op !== '[]' && op !== '.?' && op !== '[?]') return undefined;
  const [left, right] = args as [Placed, string | CelNode];
  const key = typeof right === 'string' ? right : right.op === 'value' ? right.args : undefined;
  return left.op === 'id' && typeof key === 'string'
    ? { name: left.args, key, span: { start: left.start, end: left.end } }
    : undefined;
}
