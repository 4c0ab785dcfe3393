/** The parts of Handlebars' syntax tree. */
export type Program = hbs.AST.Program;
export type Statement = hbs.AST.Statement;
export type Expression = hbs.AST.Expression;
export type PathExpression = hbs.AST.PathExpression;
export type MustacheStatement = hbs.AST.MustacheStatement;
export type BlockStatement = hbs.AST.BlockStatement;
export type PartialStatement = hbs.AST.PartialStatement;
export type PartialBlockStatement = hbs.AST.PartialBlockStatement;
export type SubExpression = hbs.AST.SubExpression;
export type DecoratorBlock = hbs.AST.DecoratorBlock;
export type Hash = hbs.AST.Hash;
export type Node = hbs.AST.Node;

/** Any node of a template, with what may be below it. */
export interface AnyNode extends Node {
  /** What it calls, or reads. */
  path?: Expression;
  params?: Expression[];
  hash?: Hash;
  body?: Statement[];
  program?: Program;
  inverse?: Program;
}

/** The nodes right below one, in the order of the text; not what it calls. */
export function nodesBelow(node: Node): Node[] {
  const { params = [], hash, body = [], program, inverse } = node as AnyNode;
  const values = hash?.pairs.map((pair) => pair.value) ?? [];
  return [...params, ...values, ...body, ...(program ? [program] : []), ...(inverse ? [inverse] : [])];
}

/** Calls that print nothing and give names for the rest of the template. */
export const statementNames = ['set', 'append', 'extend', 'update'] as const;
export type StatementName = (typeof statementNames)[number];

/** Whether a node is one of them; a variable of this name has no arguments. */
export function isStatement(node: Node): node is MustacheStatement {
  const { type, path, params = [], hash } = node as AnyNode;
  if (type !== 'MustacheStatement' || (params.length === 0 && !hash)) return false;
  return statementNames.includes((path as PathExpression).original as StatementName);
}

/** The names that `{{set name=...}}` and `{{#capture "name"}}` give anywhere in it. */
export function namesSetIn(node: Node): string[] {
  return [...namesSetBy(node), ...nodesBelow(node).flatMap(namesSetIn)];
}

function namesSetBy(node: Node): string[] {
  const { type, path, params = [], hash } = node as AnyNode;
  if (isStatement(node)) return hash?.pairs.map((pair) => pair.key) ?? [];
  if (type !== 'BlockStatement' || (path as PathExpression).original !== 'capture') return [];
  return params[0]?.type === 'StringLiteral' ? [(params[0] as hbs.AST.StringLiteral).value] : [];
}
