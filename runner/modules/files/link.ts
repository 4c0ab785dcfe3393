import { posix } from 'node:path';
import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { DecideContext, Decision, ProbeResult } from '../module.ts';
import { probeFile } from './probe.ts';
import { fileResource } from './state.ts';
import type { FileState } from './state.ts';

/** A path, and what it is to be linked to. */
export interface LinkState extends FileState {
  source?: 'absent' | 'same' | 'other';
  /** Lines about all that is in a directory, where it was asked for. */
  tree?: string[];
}

export interface LinkWanted {
  src?: string | undefined;
  force?: boolean;
}

/** Reads what is at `path`, and whether `src` exists and is the very same file. */
export function probeLink(path: string, src: string): Script {
  const source = posix.resolve(posix.dirname(path), src);
  return sh`( ${probeFile(path)} ) || exit
if [ ! -e ${source} ]; then echo source=absent
elif [ "$(stat -c %d:%i ${source})" = "$(stat -c %d:%i ${path} 2>/dev/null)" ]; then echo source=same; else echo source=other; fi`;
}

/** Adds to a parser of files what {@link probeLink} prints besides. */
export function parseLink(parseFile: (probe: ProbeResult) => FileState): (probe: ProbeResult) => LinkState {
  return (probe) => {
    const [head = '', tree] = probe.stdout.split(/^tree:\n/m);
    const state: LinkState = parseFile({ ...probe, stdout: head });
    const source = /^source=(\w+)$/m.exec(head)?.[1];
    if (source) state.source = source as 'absent' | 'same' | 'other';
    if (tree !== undefined) state.tree = tree.split('\n').filter(Boolean);
    return state;
  };
}

/** A symbolic link at `path` that holds exactly `src`. */
export function symbolicLink(path: string, { src, force }: LinkWanted, state: LinkState, context: DecideContext): Decision<LinkState> {
  const target = src as string;
  if (state.type === 'link' && state.target === target) return { kind: 'ok', result: { dest: path, src: target, state: 'link' } };
  const refused = refuse(path, target, state, context, force);
  if (refused) return refused;
  return {
    kind: 'change',
    diff: [{ what: path, before: shown(state), after: `a link to ${target}` }],
    // -n: a link to a directory is replaced, not followed into that directory.
    steps: [{ do: 'run', script: sh`ln -sfn -- ${target} ${path}` }],
    after: { type: 'link', target },
    result: { dest: path, src: target, state: 'link' },
  };
}

/** Another name, `path`, of the file `src`. */
export function hardLink(path: string, { src, force }: LinkWanted, state: LinkState, context: DecideContext): Decision<LinkState> {
  const target = src as string;
  const result = { dest: path, src: target, state: 'hard' };
  if (state.source === 'same' && state.type === 'file') return { kind: 'ok', result };
  const refused = refuse(path, target, state, context, force);
  if (refused) return refused;
  const diff = [{ what: path, before: shown(state), after: `the same file as ${target}` }];
  return { kind: 'change', diff, steps: [{ do: 'run', script: sh`ln -f -- ${target} ${path}` }], after: { type: 'file', source: 'same' }, result };
}

function refuse(path: string, src: string, state: LinkState, context: DecideContext, force = false): Decision<LinkState> | undefined {
  if (state.type === 'directory') return { kind: 'fail', message: `${path} is a directory; a link was wanted`, hint: 'Remove it by a task before: state: absent' };
  if (state.type === 'file' && !force) return { kind: 'fail', message: `${path} is a file; a link was wanted`, hint: 'force: true lets the link replace it.' };
  const planned = context.planned(fileResource(posix.resolve(posix.dirname(path), src))) as FileState | undefined;
  if (state.source !== 'absent' || force || (planned && planned.type !== 'absent')) return undefined;
  const why = `${src} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
  return { kind: 'fail', message: `${why}, so ${path} would be a dangling link`, hint: 'force: true makes it nevertheless.' };
}

function shown(state: FileState): string | null {
  if (state.type === 'absent') return null;
  return state.type === 'link' ? `a link to ${state.target ?? '?'}` : state.type;
}
