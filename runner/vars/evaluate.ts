import { XrunError } from '../errors.ts';
import type { Pos } from '../errors.ts';
import { runBlock } from './blocks.ts';
import type { Frame, Root } from './frame.ts';
import { callHelper } from './helpers/call.ts';
import { readPath } from './path.ts';
import { runDecorator, runPartial } from './partial.ts';
import { spanOf } from './template.ts';
import type * as T from './template.ts';
import { toText } from './text.ts';

/** What a template is evaluated with. */
export interface Evaluation extends Place {
  /** The variables, for helpers that look for files beside the playbook. */
  root: Root;
  surroundings: Surroundings;
  /** How many partials are inside of each other. */
  depth: number;
  /** Partials that the template itself defines with `{{#*inline}}`, and the block of `{{#> partial}}`. */
  inline: Record<string, (context: unknown) => string>;
}

/** A template, and where its parts stand in the user's files. */
export interface Place {
  template: T.Template;
  locate: T.Locate;
}

/** What templates may reach on the controller. */
export interface Surroundings {
  /** The environment of the controller, for `env`. */
  env: Readonly<Record<string, string | undefined>>;
  /** A partial, by its name; `near` is the file that names it. */
  partial(name: string, root: Root, near?: string): { text: string; file: string } | undefined;
  /** What to do about a partial that is not there. */
  missingPartialHint(name: string, root: Root, near?: string): string;
  /** The text of a file of the controller, for `file`. */
  readFile(path: string, root: Root, near?: string): string;
}

/** All the text of a program: a template, or the inside of a block. */
export function evaluateText(program: T.Program | undefined, frame: Frame, on: Evaluation): string {
  if (!program) return '';
  let text = '';
  for (const statement of program.body) text += statementText(statement, frame, on);
  return text;
}

/** The value of an expression or of a `{{mustache}}`, with its type. */
export function evaluateValue(node: T.Expression, frame: Frame, on: Evaluation): unknown {
  switch (node.type) {
    case 'PathExpression':
      return readPath(node as T.PathExpression, frame, on);
    case 'SubExpression':
      return callHelper(node as T.SubExpression, frame, on);
    case 'MustacheStatement':
      return mustache(node as T.MustacheStatement, frame, on);
    case 'NullLiteral':
      return null;
    case 'UndefinedLiteral':
      return undefined;
    default:
      return (node as hbs.AST.StringLiteral).value;
  }
}

/** An error of a template, at a node of it. */
export function templateError(message: string, node: T.Node, on: Place, hint?: string): XrunError {
  const at = placeOf(node, on);
  return new XrunError('E_TEMPLATE', message, { ...(at && { at }), ...(hint && { hint }) });
}

/** Where a node of the template stands in the user's files. */
export function placeOf(node: T.Node, on: Place): Pos | undefined {
  return on.locate(...spanOf(on.template, node));
}

function statementText(node: T.Statement, frame: Frame, on: Evaluation): string {
  switch (node.type) {
    case 'ContentStatement':
      return (node as hbs.AST.ContentStatement).value;
    case 'MustacheStatement':
      return toText(mustache(node as T.MustacheStatement, frame, on), () => placeOf(node, on));
    case 'BlockStatement':
      return runBlock(node as T.BlockStatement, frame, on);
    case 'PartialStatement':
    case 'PartialBlockStatement':
      return runPartial(node as T.PartialStatement, frame, on);
    case 'DecoratorBlock':
      runDecorator(node as T.DecoratorBlock, frame, on);
      return '';
    case 'CommentStatement':
      return '';
    default:
      throw templateError(`${node.type} is not supported`, node, on);
  }
}

/** A name alone is a variable, even where a helper has the same name; with arguments it is a helper. */
function mustache(node: T.MustacheStatement, frame: Frame, on: Evaluation): unknown {
  const { path, params, hash } = node;
  if (params.length > 0 || hash) return callHelper(node, frame, on);
  return evaluateValue(path, frame, on);
}
