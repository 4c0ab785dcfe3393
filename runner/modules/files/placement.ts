import { posix } from 'node:path';
import type { DecideContext, Decision } from '../module.ts';
import { fileResource } from './state.ts';
import type { FileState } from './state.ts';

/**
 * Why nothing can be put at `path`, as a decision; undefined where it can. In check mode a missing directory is
 * `unknown`, since a package or a command that was not run may bring it.
 */
export function refusePlacement(path: string, state: FileState, context: DecideContext): Decision<FileState> | undefined {
  const directory = posix.dirname(path);
  if (state.type === 'directory') {
    return { kind: 'fail', message: `${path} is a directory; a file was wanted`, hint: 'Name a file inside it, or remove the directory.' };
  }
  if (state.parent === 'closed') return closed(directory, 'may not be entered');
  if (state.type === 'file' && state.sha256 === undefined) return closed(path, 'may not be read');
  if (state.parent !== 'absent' || isPlanned(directory, context)) return undefined;
  const missing = `the directory ${directory} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${missing} yet`, steps: [] };
  return { kind: 'fail', message: missing, hint: `Make it by a task before: file: {path: ${directory}, state: directory}` };
}

function closed(path: string, why: string): Decision<FileState> {
  return { kind: 'fail', message: `${path} ${why} by this user`, hint: 'Use `become: true`, or log in as a user who may.' };
}

/** Whether an earlier task of a check would have made the directory, or one below it. */
function isPlanned(directory: string, context: DecideContext): boolean {
  const planned = context.planned(fileResource(directory)) as FileState | undefined;
  return planned?.type === 'directory';
}
