import { posix } from 'node:path';
import { rawPath } from '../../model/arguments/scalars.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { fileResource } from './file-state.ts';
import type { FileState } from './file-state.ts';

/** The argument `dest` of modules that write files. */
export const destination = rawPath.describe(
  'The file to write; with a slash at its end, or where it is one, the directory to write into.',
);

/** A file's `dest` as tasks give it: a path, or a directory to put the file called `name` into. */
export interface Destination {
  dest: string;
  name?: string | undefined;
}

/** The path to look at first: with a slash at its end `dest` is surely a directory. */
export function destinationPath({ dest, name }: Destination): string {
  const clean = posix.normalize(dest);
  return clean.endsWith('/') && name ? clean + name : clean.replace(/(?<=.)\/$/, '');
}

/** The path that is meant, now that the host (or an earlier task of a check) says whether it is a directory. */
export function resolveDestination(
  wanted: Destination,
  state: FileState,
  context: Pick<DecideContext, 'planned'>,
): { path: string; state: FileState; moved: boolean } {
  const path = destinationPath(wanted);
  const inside =
    state.inside ?? (state.type === 'directory' && wanted.name ? posix.join(path, wanted.name) : undefined);
  if (inside === undefined) return { path, state, moved: false };
  const planned = context.planned(fileResource(inside)) as FileState | undefined;
  return { path: inside, state: planned ?? (state.inside ? state : { type: 'absent' }), moved: true };
}

/** Plans the new state under the name of the file that was written, where the task named its directory. */
export function planElsewhere(decision: Decision<FileState>, path: string): void {
  if (decision.kind !== 'change' || decision.after === undefined) return;
  decision.plans = { [fileResource(path)]: decision.after };
  delete decision.after;
}
