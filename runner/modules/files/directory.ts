import { posix } from 'node:path';
import { sh } from '../../shell/script.ts';
import type { Decision, Step } from '../module.ts';
import type { FileState } from './state.ts';

/** The same decision, made after `mkdir -p` of the file's directory where that is missing. */
export function withDirectory(path: string, state: FileState, decide: (state: FileState) => Decision<FileState>): Decision<FileState> {
  if (state.parent !== 'absent') return decide(state);
  const { parent: _, ...rest } = state;
  const decision = decide(rest);
  if (decision.kind !== 'change') return decision;
  const directory = posix.dirname(path);
  const make: Step = { do: 'run', script: sh`mkdir -p -- ${directory}` };
  return { ...decision, diff: [{ what: directory, before: null, after: 'directory' }, ...decision.diff], steps: [make, ...decision.steps] };
}
