import { posix } from 'node:path';
import { raw, sh } from '../../model/script.ts';
import { INTO } from '../../connection/files/way.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import { fileResource } from './file-state.ts';
import type { FileState } from './file-state.ts';

/** Directories on the way to `path` that are missing, from the top; the topmost is what the probe has found. */
export function missingDirectories(
  path: string,
  { parent, missing = posix.dirname(path) }: Pick<FileState, 'parent' | 'missing'>,
  context: Pick<DecideContext, 'planned'>,
): string[] {
  const all: string[] = [];
  for (
    let at = posix.dirname(path);
    parent === 'absent' && at.length >= missing.length && at !== '/';
    at = posix.dirname(at)
  ) {
    if ((context.planned(fileResource(at)) as FileState | undefined)?.type === 'directory') break;
    all.unshift(at);
  }
  return all;
}

/** A step that makes a directory and all that is missing on the way to it, each with this owner (`user:group`) and mode. */
export function makeDirectory(path: string, owner = '', mode = ''): Step {
  return {
    do: 'run',
    script: sh`(${raw(INTO)}
_make ${path} ${owner} ${mode})`,
  };
}

/** The same decision, made after the file's directory has been made where that is missing. */
export function withDirectory(
  path: string,
  state: FileState,
  context: DecideContext,
  decide: (state: FileState) => Decision<FileState>,
): Decision<FileState> {
  if (state.parent !== 'absent') return decide(state);
  const { parent: _, missing: __, ...rest } = state;
  const decision = decide(rest);
  if (decision.kind !== 'change') return decision;
  const directory = posix.dirname(path);
  const made = missingDirectories(path, state, context).map((what) => ({ what, before: null, after: 'directory' }));
  return { ...decision, diff: [...made, ...decision.diff], steps: [makeDirectory(directory), ...decision.steps] };
}
