import * as z from 'zod';
import { flag, path } from '../../../model/arguments/scalars.ts';
import { attributeArgs } from '../../path/attributes.ts';
import type { Attributes } from '../../path/attributes.ts';
import { decideContent } from '../../path/content.ts';
import { probeFile } from '../../path/probe.ts';
import { withDirectory } from '../../path/directory.ts';
import { refuseWay } from '../../path/placement.ts';
import { EDIT_LIMIT, fileResource } from '../../path/file-state.ts';
import type { FileState } from '../../path/file-state.ts';
import { validateScript } from '../../path/validate.ts';
import type { DecideContext, Decision, Result } from '../../../model/module.ts';
import type { Script } from '../../../model/script.ts';
import { bytesOf } from '../../../model/host-text.ts';

/** Arguments of modules that change a part of a file. */
export const editArgs = {
  path: path.optional().describe('The file; `dest` is another word for it.'),
  dest: path.optional().describe('The same as `path`.'),
  backup: flag.default(false).describe('Keep the old content beside the new one.'),
  validate: z
    .string()
    .optional()
    .describe('A command that must accept the new file before it takes the old one’s place; `%s` is its path.'),
  ...attributeArgs,
};

export interface Edit extends Attributes {
  path?: string | undefined;
  dest?: string | undefined;
  backup: boolean;
  validate?: string | undefined;
  /** Make the file where it is missing; undefined where the module never does. */
  create?: boolean;
}

/** Whether exactly one of the words for the path was used; for `refine`. */
export function hasPath({ path, dest }: Pick<Edit, 'path' | 'dest'>): boolean {
  return (path === undefined) !== (dest === undefined);
}

export const PATH_MISSING = 'give the path of the file';

/** The file that is edited. */
export function pathOf({ path, dest }: Pick<Edit, 'path' | 'dest'>): string {
  return (path ?? dest) as string;
}

/** The name under which tasks know the file. */
export function editResource(args: Pick<Edit, 'path' | 'dest'>): string {
  return fileResource(pathOf(args));
}

/** Reads the file whole; links are followed, and stay. */
export function probeEdit(args: Pick<Edit, 'path' | 'dest'>): Script {
  return probeFile(pathOf(args), { follow: true, checksum: true, content: EDIT_LIMIT });
}

/** What becomes of a file's text. */
export interface TextChange {
  change(text: string): string;
  /** Something is to be lacking: so may the file itself. */
  removes?: boolean;
  /** What the result says of it, asked after `change`. */
  result?(): Result;
}

/** Decides about a file whose text is changed. */
export function decideEdit(
  args: Edit,
  { change, removes = false, result = () => ({}) }: TextChange,
  state: FileState,
  context: DecideContext,
): Decision<FileState> {
  const path = pathOf(args);
  const way = refuseWay(state, context);
  if (way) return way;
  if (state.type === 'absent' && removes) return { kind: 'ok', result: { path, msg: 'file not present' } };
  if (state.type === 'absent' && !args.create) {
    const why = `${path} does not exist`;
    // A package that a check does not install may bring it.
    if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
    return { kind: 'fail', message: why, ...(args.create === false && { hint: 'Use `create: true` to create it.' }) };
  }
  const readable = state.type === 'file' && state.sha256 !== undefined;
  if (readable && state.content === undefined) {
    return {
      kind: 'fail',
      message: `${path} is longer than the ${EDIT_LIMIT / 1024} KiB that can be edited`,
      hint: 'Replace it whole by copy or template, or edit it by a command.',
    };
  }
  const content = bytesOf(change(state.content ?? ''));
  const { real = path, ...rest } = state;
  const decide = (found: FileState) =>
    decideContent(real, { ...args, content, validate: validateScript(args.validate) }, found, context);
  const decision = state.type === 'absent' ? withDirectory(real, rest, context, decide) : decide(rest);
  return decision.kind === 'fail' || decision.kind === 'wait'
    ? decision
    : { ...decision, result: { ...decision.result, path, ...result() } };
}
