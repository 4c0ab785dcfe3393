import { posix } from 'node:path';
import type { DecideContext, Decision } from '../../model/module.ts';
import { fileResource } from './file-state.ts';
import type { FileState } from './file-state.ts';

/**
 * Why nothing can be put at `path`, as a decision; undefined where it can. In check mode a missing directory is
 * `unknown`, since a package or a command that was not run may bring it.
 */
export function refusePlacement(
  path: string,
  state: FileState,
  context: DecideContext,
): Decision<FileState> | undefined {
  const directory = posix.dirname(path);
  if (state.type === 'directory') {
    return {
      kind: 'fail',
      message: `${path} is a directory; expected a file`,
      hint: 'Name a file inside it, or remove the directory.',
    };
  }
  const way = refuseWay(state, context);
  if (way) return way;
  if (state.leads)
    return {
      kind: 'fail',
      message: `${path} is a link to a directory; a file was expected`,
      hint: 'Name a file inside it, or remove the link.',
    };
  if (state.flags)
    return {
      kind: 'fail',
      message: `${path} is ${state.flags.includes('i') ? 'immutable' : 'append-only'}, so it cannot be replaced`,
      hint: `Run \`chattr -${state.flags} ${path}\` by a task before.`,
    };
  if (state.parent === 'closed') return closed(directory, 'may not be entered');
  if (state.type === 'file' && state.sha256 === undefined) return closed(path, 'may not be read');
  if (state.parent !== 'absent' || isPlanned(directory, context)) return undefined;
  const missing = `the directory ${directory} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${missing} yet`, steps: [] };
  return {
    kind: 'fail',
    message: missing,
    hint: `Create it by a task before: \`file: {path: ${directory}, state: directory}\`.`,
  };
}

/** Why a path must not, or cannot, be reached: links that are not followed, or a file where a directory should be. */
export function refuseWay(
  { refused, parent, missing = '' }: FileState,
  context: DecideContext,
): Extract<Decision<FileState>, { kind: 'fail' }> | undefined {
  if (refused)
    return {
      kind: 'fail',
      message: refused,
      hint: 'Name what it leads to, or do the task as the user who made it: become_user.',
    };
  if (parent !== 'file' || isPlanned(missing, context)) return undefined;
  return {
    kind: 'fail',
    message: `${missing} is not a directory, so nothing can be below it`,
    hint: 'Remove it by a task before: `state: absent`.',
  };
}

function closed(path: string, why: string): Decision<FileState> {
  return {
    kind: 'fail',
    message: `${path} ${why} by this user`,
    hint: 'Use `become: true`, or log in as a user who may.',
  };
}

/** Whether an earlier task of a check would have made the directory, or one below it. */
export function isPlanned(directory: string, context: DecideContext): boolean {
  const planned = context.planned(fileResource(directory)) as FileState | undefined;
  return planned?.type === 'directory';
}
