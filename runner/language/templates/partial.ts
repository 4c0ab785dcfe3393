import { SourceText } from '../yaml/source-text.ts';
import { templateError } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { Root, innerFrame, rootFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { hashValues } from './helpers/call.ts';
import { parseTemplate } from './template.ts';
import type { DecoratorBlock, PartialBlockStatement, PartialStatement, PathExpression, Program } from './template.ts';

/** Partials inside of each other; beyond it one calls itself. */
const maxDepth = 50;
const blockName = '@partial-block';

/** The text of `{{> name context key=value}}` and of `{{#> name}}...{{/name}}`. */
export function runPartial(node: PartialStatement | PartialBlockStatement, frame: Frame, on: Evaluation): string {
  const name = partialName(node, frame, on);
  const own = Object.hasOwn(on.inline, name) ? on.inline[name] : undefined;
  if (own) return own(partialContext(node, frame, on));
  const block = 'program' in node ? node.program : undefined;
  const near = on.locate(0, 1)?.file;
  const found = on.surroundings.partial(name, on.root, near);
  if (!found) {
    if (block) return on.within.text(block, frame, on);
    throw templateError(
      `there is no partial '${name}'`,
      node.name,
      on,
      on.surroundings.missingPartialHint(name, on.root, near),
    );
  }
  if (on.depth >= maxDepth) throw templateError(`partial '${name}' includes itself`, node.name, on);
  const inline = block ? { ...on.inline, [blockName]: inlineText(block, frame, on) } : on.inline;
  const text = fileText(found, partialContext(node, frame, on), { ...on, depth: on.depth + 1, inline });
  return 'indent' in node ? indented(text, node.indent) : text;
}

/** `{{#*inline "name"}}...{{/inline}}`: a partial for the rest of the template. */
export function runDecorator(node: DecoratorBlock, frame: Frame, on: Evaluation): void {
  const [name] = node.params;
  if ((node.path as PathExpression).original !== 'inline' || name?.type !== 'StringLiteral') {
    throw templateError('only {{#*inline "name"}} is a decorator here', node.path, on);
  }
  const { program } = node as unknown as PartialBlockStatement;
  on.inline = { ...on.inline, [(name as hbs.AST.StringLiteral).value]: inlineText(program, frame, on) };
}

function inlineText(program: Program, frame: Frame, on: Evaluation): (context: unknown) => string {
  return (context) => on.within.text(program, innerFrame(frame, context), on);
}

function fileText({ text, file }: { text: string; file: string }, context: unknown, on: Evaluation): string {
  const source = new SourceText(file, text);
  const locate = (start: number, end: number) => source.pos(start, end);
  const template = parseTemplate(text, locate);
  return on.within.text(template.program, rootFrame(context), { ...on, template, locate });
}

function partialName(node: PartialStatement | PartialBlockStatement, frame: Frame, on: Evaluation): string {
  if (node.name.type === 'SubExpression') return String(on.within.value(node.name, frame, on));
  return String((node.name as PathExpression).original);
}

/** As in Handlebars: the first argument, or the context there is, with the named arguments on top. */
function partialContext(node: PartialStatement | PartialBlockStatement, frame: Frame, on: Evaluation): unknown {
  const [given] = node.params;
  const context = given ? on.within.value(given, frame, on) : frame.context;
  if (!node.hash) return context;
  const named = hashValues(node.hash, innerFrame(frame, frame.context), on);
  if (context instanceof Root) return new Root(context.scope.with(named));
  return { ...(context as object), ...named };
}

function indented(text: string, indent: string): string {
  return indent ? text.replaceAll(/^(?!$(?![^]))/gm, indent) : text;
}
