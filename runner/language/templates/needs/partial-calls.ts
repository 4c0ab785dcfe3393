import { nodesBelow } from '../syntax.ts';
import { parseTemplate, spanOf } from '../template.ts';
import type { Locate, Node, PartialBlockStatement, PartialStatement, PathExpression } from '../template.ts';
import type { Position } from '../../../diagnostics/errors.ts';

/** The partials of one template. */
export interface PartialCalls {
  /** Those that must be files: not defined in the template, not with a block as a fallback. */
  calls: { name: string; at?: Position }[];
  /** Those that `{{#*inline}}` defines; partials that the template includes see them too. */
  inline: Set<string>;
}

/** The partials that a template includes by name. A text that cannot be parsed has none: the syntax check reports it. */
export function partialCalls(text: string, locate: Locate): PartialCalls {
  const found: PartialCalls = { calls: [], inline: new Set(['@partial-block']) };
  if (!/\{\{~?#?[>*]/.test(text)) return found;
  try {
    const template = parseTemplate(text, locate);
    collect(template.program, found, (node) => locate(...spanOf(template, node)));
  } catch {
    return found;
  }
  return { ...found, calls: found.calls.filter(({ name }) => !found.inline.has(name)) };
}

function collect(node: Node, found: PartialCalls, place: (node: Node) => Position | undefined): void {
  if (node.type === 'PartialStatement') {
    const { name } = node as PartialStatement;
    const at = place(name);
    // A name in parentheses is known when the template is rendered.
    if (name.type !== 'SubExpression')
      found.calls.push({ name: String((name as PathExpression).original), ...(at && { at }) });
  } else if (node.type === 'DecoratorBlock') {
    const [name] = (node as unknown as PartialBlockStatement).params;
    if (name?.type === 'StringLiteral') found.inline.add((name as hbs.AST.StringLiteral).value);
  }
  for (const inner of nodesBelow(node)) collect(inner, found, place);
}
