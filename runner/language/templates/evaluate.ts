import { runBlock } from './blocks.ts';
import { placeOf, templateError } from './evaluation.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';
import type { Frame } from './frame.ts';
import { callHelper } from './helpers/call.ts';
import { readPath } from './path.ts';
import { runStatement } from './statements.ts';
import { isStatement } from './syntax.ts';
import { runDecorator, runPartial } from './partial.ts';
import type * as T from './template.ts';
import { toText } from '../values/text.ts';

/** The one evaluator there is. */
export const evaluator: Evaluator = { text: evaluateText, value: evaluateValue };

function evaluateText(program: T.Program | undefined, frame: Frame, on: Evaluation): string {
  if (!program) return '';
  let text = '';
  for (const statement of program.body) text += statementText(statement, frame, on);
  return text;
}

function evaluateValue(node: T.Expression, frame: Frame, on: Evaluation): unknown {
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
  if (isStatement(node)) {
    runStatement(node, frame, on);
    return '';
  }
  if (params.length > 0 || hash) return callHelper(node, frame, on);
  return evaluateValue(path, frame, on);
}
