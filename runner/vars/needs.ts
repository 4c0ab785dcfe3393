import type { Pos } from '../errors.ts';
import type { Expr } from '../playbook/types.ts';
import { within } from '../yaml/place.ts';
import { blockNames } from './blocks.ts';
import { parseCondition } from './cel.ts';
import type { CelNode } from './cel.ts';
import { eachTemplate } from './each-template.ts';
import { helpers } from './helpers/registry.ts';
import type { AnyNode } from './nodes.ts';
import { parseTemplate, spanOf } from './template.ts';
import type * as T from './template.ts';

/** What a text expects of the variables. */
export interface Needs {
  /** Names that it reads, with the places where it does. */
  reads: { name: string; at?: Pos }[];
  /** Names that it asks for without failing where they are missing: `default`, `defined`, `#if`. */
  tests: Set<string>;
}

/** The needs of every template in a value. Texts that cannot be parsed need nothing. */
export function needsOf(value: unknown, at?: Pos, needs: Needs = { reads: [], tests: new Set() }): Needs {
  eachTemplate(value, at, (text, place) => templateNeeds(text, (start, end) => place && within(place, start, end), needs));
  return needs;
}

/** The needs of one template, a file's for example. */
export function templateNeeds(text: string, locate: T.Locate, needs: Needs = { reads: [], tests: new Set() }): Needs {
  try {
    const template = parseTemplate(text, locate);
    visit(template.program, { depth: 0, bound: [] }, (path, lenient) => {
      const name = rootName(path);
      if (name === undefined) return;
      const at = locate(...spanOf(template, path));
      if (lenient) needs.tests.add(name);
      else needs.reads.push({ name, ...(at && { at }) });
    });
  } catch {
    // Whoever checks syntax tells it.
  }
  return needs;
}

/** The needs of a condition. */
export function conditionNeeds({ source, at }: Expr, needs: Needs = { reads: [], tests: new Set() }): Needs {
  if (typeof source !== 'string') return needs;
  try {
    visitCel(parseCondition(source).ast, [], false, (name, start, end, lenient) => {
      if (lenient) needs.tests.add(name);
      else needs.reads.push({ name, at: within(at, start, end) });
    });
  } catch {
    // As above.
  }
  return needs;
}

/** Where in a template's blocks a path stands. */
interface Around {
  /** Contexts that `#each` and `#with` put around it: the names in them are not variables. */
  depth: number;
  /** Block parameters. */
  bound: string[];
}

type Tell = (path: T.PathExpression, lenient: boolean) => void;

function visit(node: T.Node, around: Around, tell: Tell): void {
  const { type, path, params = [], hash, body = [] } = node as AnyNode;
  if (type === 'PathExpression') return visitPath(node as T.PathExpression, around, false, tell);
  const call = path && (params.length > 0 || hash || type === 'SubExpression');
  const name = path ? (path as T.PathExpression).original : '';
  const block = type === 'BlockStatement' && blockNames.has(name);
  if (path && !call && !block) visit(path, around, tell);
  const lenient = name === 'if' || name === 'unless' || (call && helpers.get(name)?.lenient === true);
  params.forEach((param, i) => {
    if (i === 0 && lenient && param.type === 'PathExpression') visitPath(param as T.PathExpression, around, true, tell);
    else visit(param, around, tell);
  });
  for (const inner of [...body, ...(hash?.pairs.map((pair) => pair.value) ?? [])]) visit(inner, around, tell);
  if (type === 'BlockStatement') visitBlock(node as T.BlockStatement, name, around, tell);
}

function visitBlock({ program, inverse }: T.BlockStatement, name: string, around: Around, tell: Tell): void {
  const bound = [...around.bound, ...((program as T.Program | undefined)?.blockParams ?? [])];
  const depth = around.depth + (['if', 'unless', 'raw'].includes(name) ? 0 : 1);
  if (program) visit(program, { depth, bound }, tell);
  if (inverse) visit(inverse, around, tell);
}

/** Tells a path that leads to a variable: at the top, climbing back to it by `../`, or through `@root`. */
function visitPath(path: T.PathExpression, { depth, bound }: Around, lenient: boolean, tell: Tell): void {
  const [head] = path.parts as string[];
  if (path.data) {
    if (head === 'root') tell(path, lenient);
  } else if (path.depth === depth && !(path.depth === 0 && head !== undefined && bound.includes(head))) tell(path, lenient);
}

function rootName(path: T.PathExpression): string | undefined {
  const parts = path.parts as string[];
  return path.data ? parts[1] : parts[0];
}

const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const presence = new Set(['defined', 'default', 'has']);

type TellName = (name: string, start: number, end: number, lenient: boolean) => void;

function visitCel(node: unknown, bound: readonly string[], lenient: boolean, tell: TellName): void {
  if (Array.isArray(node)) {
    for (const inner of node) visitCel(inner, bound, lenient, tell);
    return;
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args, start, end } = node as CelNode & { start: number; end: number };
  if (op === 'value') return;
  if (op === 'id') {
    if (!bound.includes(args as string)) tell(args as string, start, end, lenient);
  } else if (op === 'call') {
    const [name, [first, ...others]] = args as [string, CelNode[]];
    visitCel(first, bound, lenient || presence.has(name), tell);
    visitCel(others, bound, lenient, tell);
  } else if (op === 'rcall' && binders.has(String((args as unknown[])[0]))) {
    const [, list, [variable, ...bodies]] = args as [string, CelNode, CelNode[]];
    visitCel(list, bound, lenient, tell);
    visitCel(bodies, [...bound, String(variable?.args)], lenient, tell);
  } else visitCel(args, bound, lenient, tell);
}
