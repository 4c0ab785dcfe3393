import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Frame, Root } from './frame.ts';
import type { Reach } from './helpers/helper.ts';
import { spanOf } from './template.ts';
import type * as T from './template.ts';

/** What a template is evaluated with. */
export interface Evaluation extends Place {
  /** Evaluates what is inside of it: a helper's arguments, a block's body. */
  within: Evaluator;
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
  /** What helpers may reach; `near` is the file that calls one. */
  reach(root: Root, near?: string): Reach;
  /** A partial, by its name; `near` is the file that names it. */
  partial(name: string, root: Root, near?: string): { text: string; file: string } | undefined;
  /** What to do about a partial that is not there. */
  missingPartialHint(name: string, root: Root, near?: string): string;
}

/** How the parts of a template come to their texts and values; the parts ask it for what is inside of them. */
export interface Evaluator {
  /** All the text of a program: a template, or the inside of a block. */
  text(program: T.Program | undefined, frame: Frame, on: Evaluation): string;
  /** The value of an expression or of a `{{mustache}}`, with its type. */
  value(node: T.Expression, frame: Frame, on: Evaluation): unknown;
}

/** An error of a template, at a node of it. */
export function templateError(message: string, node: T.Node, on: Place, hint?: string): XrunError {
  const at = placeOf(node, on);
  return new XrunError('E_TEMPLATE', message, { ...(at && { at }), ...(hint && { hint }) });
}

/** The position of a node of the template in the user's files. */
export function placeOf(node: T.Node, on: Place): Position | undefined {
  return on.locate(...spanOf(on.template, node));
}
