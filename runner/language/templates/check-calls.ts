import { blockNames, noBlock } from './blocks.ts';
import type { Place } from './evaluation.ts';
import { checkCall } from './helpers/call.ts';
import { checkStatement } from './statements.ts';
import { isStatement, nodesBelow } from './syntax.ts';
import type { AnyNode } from './syntax.ts';
import { parseTemplate } from './template.ts';
import type * as T from './template.ts';

/**
 * Parses a template and looks at every helper and block it calls, also where it would not come by in a run.
 * Throws E_TEMPLATE for the first error, at its place.
 */
export function checkTemplateText(text: string, locate: T.Locate): void {
  const template = parseTemplate(text, locate);
  checkNode(template.program, { template, locate });
}

function checkNode(node: AnyNode, on: Place): void {
  const { type, path, params = [], hash } = node;
  if (isStatement(node)) checkStatement(node, on);
  else if (type === 'SubExpression' || (type === 'MustacheStatement' && (params.length > 0 || hash)))
    checkCall(node as unknown as T.SubExpression, on);
  // A block without arguments may stand for the value of a variable: {{#list}}...{{/list}}.
  if (type === 'BlockStatement' && params.length > 0 && !blockNames.has(String((path as T.PathExpression).original)))
    throw noBlock(node as T.BlockStatement, on);
  for (const inner of nodesBelow(node)) checkNode(inner, on);
}
