import type { Position } from '../../../diagnostics/errors.ts';
import type { Expr } from '../../../model/playbook.ts';
import { within } from '../../yaml/place.ts';
import { blockNames } from '../blocks.ts';
import { parseCondition } from '../../conditions/cel.ts';
import { visitCel } from '../../conditions/cel-needs.ts';
import { eachTemplate } from './each-template.ts';
import { helpers } from '../helpers/registry.ts';
import { isStatement, namesSetIn } from '../syntax.ts';
import type { AnyNode } from '../syntax.ts';
import type { Read } from './read.ts';
import { parseTemplate, spanOf } from '../template.ts';
import type * as T from '../template.ts';

/** A partial that a text includes where names are variables. */
export interface PartialCall {
  name: string;
  /** Names that the call gives it. */
  given: readonly string[];
  /** A place in the text that takes it in. */
  near(): Position | undefined;
}

/** What a text expects of the variables. */
export interface Needs {
  reads: Read[];
  /** Names that it asks for without failing where they are missing: `default`, `defined`, `#if`. */
  tests: Set<string>;
  partials: PartialCall[];
}

/** Of a text without templates. */
export function noNeeds(): Needs {
  return { reads: [], tests: new Set(), partials: [] };
}

/** The needs of every template in a value. Texts that cannot be parsed need nothing. */
export function needsOf(value: unknown, at?: Position, needs: Needs = noNeeds()): Needs {
  eachTemplate(value, at, (text, place) =>
    templateNeeds(text, (start, end) => place && within(place, start, end), needs),
  );
  return needs;
}

/** The needs of one template, a file's for example. */
export function templateNeeds(text: string, locate: T.Locate, needs: Needs = noNeeds()): Needs {
  try {
    const template = parseTemplate(text, locate);
    const place = (node: T.Node) => () => locate(...spanOf(template, node));
    visit(
      template.program,
      { depth: 0, bound: namesSetIn(template.program), sure: true },
      {
        read: (name, node, more) => report(needs, { name, ...more, place: place(node) }),
        partial: (name, given) => needs.partials.push({ name, given, near: () => locate(0, 1) }),
      },
    );
  } catch {
    // The syntax check reports it.
  }
  return needs;
}

/** The needs of a condition. */
export function conditionNeeds({ source, at }: Expr, needs: Needs = noNeeds()): Needs {
  if (typeof source !== 'string') return needs;
  try {
    visitCel(parseCondition(source).ast, { bound: [], lenient: false, sure: true }, ({ span, keySpan, ...read }) => {
      report(needs, {
        ...read,
        place: () => within(at, span.start, span.end),
        keyPlace: () => within(at, keySpan.start, keySpan.end),
      });
    });
  } catch {
    // As above.
  }
  return needs;
}

function report(needs: Needs, read: Read): void {
  if (read.lenient) needs.tests.add(read.name);
  needs.reads.push(read);
}

/** The blocks of a template around a path. */
interface Around {
  /** Contexts that `#each` and `#with` put around it: the names in them are not variables. */
  depth: number;
  /** Block parameters. */
  bound: string[];
  sure: boolean;
  /** It is the first argument of `default` or `defined`, however deep. */
  lenient?: boolean;
}

interface Reports {
  read(name: string, node: T.Node, more: Pick<Read, 'key' | 'sure' | 'lenient'>): void;
  partial(name: string, given: string[]): void;
}

function visit(node: T.Node, around: Around, reports: Reports): void {
  const { type, path, params = [], hash, body = [] } = node as AnyNode;
  if (type === 'PathExpression') return visitPath(node as T.PathExpression, around, reports);
  if (type === 'PartialStatement') visitPartial(node as T.PartialStatement, around, reports);
  const call = path && (params.length > 0 || hash || type === 'SubExpression');
  const name = path ? (path as T.PathExpression).original : '';
  const block = type === 'BlockStatement' && blockNames.has(name);
  if (path && !call && !block) visit(path, around, reports);
  const helper = call ? helpers.get(name) : undefined;
  const lenient = around.lenient || name === 'if' || name === 'unless' || helper?.lenient === true;
  const key =
    name === 'lookup' && params[1]?.type === 'StringLiteral' ? (params[1] as hbs.AST.StringLiteral).value : undefined;
  const inside = isStatement(node) ? params.slice(1) : params;
  inside.forEach((param, i) => {
    if (i === 0 && param.type === 'PathExpression')
      visitPath(param as T.PathExpression, { ...around, lenient }, reports, key);
    else if (i === 0) visit(param, { ...around, lenient: around.lenient || helper?.lenient === true }, reports);
    else visit(param, helper?.choose ? { ...around, sure: false } : around, reports);
  });
  for (const inner of [...body, ...(hash?.pairs.map((pair) => pair.value) ?? [])]) visit(inner, around, reports);
  if (type === 'BlockStatement') visitBlock(node as T.BlockStatement, name, around, reports);
}

/** Blocks inside of which names mean the same as around them. */
const sameContext = new Set(['if', 'unless', 'raw', 'let', 'capture']);
/** Blocks whose inside is evaluated whatever they are given. */
const alwaysDone = new Set(['raw', 'let', 'capture']);

function visitBlock(
  { program, inverse, hash }: T.BlockStatement,
  name: string,
  around: Around,
  reports: Reports,
): void {
  const given = name === 'let' ? (hash as T.Hash | undefined)?.pairs.map((pair) => pair.key) : undefined;
  const bound = [...around.bound, ...((program as T.Program | undefined)?.blockParams ?? []), ...(given ?? [])];
  const depth = around.depth + (sameContext.has(name) ? 0 : 1);
  const sure = around.sure && alwaysDone.has(name);
  if (program) visit(program, { depth, bound, sure }, reports);
  if (inverse) visit(inverse, { ...around, sure: false }, reports);
}

/** Reports a path that leads to a variable: at the top, climbing back to it by `../`, or through `@root`. */
function visitPath(
  path: T.PathExpression,
  { depth, bound, sure, lenient = false }: Around,
  reports: Reports,
  lookedUp?: string,
): void {
  const parts = path.parts as string[];
  const [head] = parts;
  const rooted = path.data && head === 'root';
  const variable =
    !path.data && path.depth === depth && !(path.depth === 0 && head !== undefined && bound.includes(head));
  if (!rooted && !variable) return;
  const [name, second] = rooted ? parts.slice(1) : parts;
  const key = second ?? lookedUp;
  if (name !== undefined) reports.read(name, path, { sure, lenient, ...(key !== undefined && { key }) });
}

/** Inside of `#each` a partial's names are the item's; with an argument, that one's. */
function visitPartial({ name, params, hash }: T.PartialStatement, { depth, bound }: Around, reports: Reports): void {
  if (depth > 0 || params.length > 0 || name.type === 'SubExpression') return;
  reports.partial(String((name as T.PathExpression).original), [
    ...bound,
    ...((hash as T.Hash | undefined)?.pairs.map((pair) => pair.key) ?? []),
  ]);
}
