import { posix } from 'node:path';
import { sh } from '../../model/script.ts';
import { beside } from '../../connection/files/way.ts';
import type { Script } from '../../model/script.ts';
import type { DecideContext, Decision, ProbeResult } from '../../model/module.ts';
import { probeFile } from '../path/probe.ts';
import { refusePlacement, refuseWay } from '../path/placement.ts';
import { parseTreeList } from './tree/recursive.ts';
import { fileResource } from '../path/file-state.ts';
import type { FileState, LinkState } from '../path/file-state.ts';

export interface LinkWanted {
  src?: string | undefined;
  force?: boolean;
}

/** Reads what is at `path`, whether `src` exists and is the very same file, and with `follow` whose that is. */
export function probeLink(path: string, src: string, follow: boolean): Script {
  const source = posix.resolve(posix.dirname(path), src);
  return sh`( ${probeFile(path)} ) || exit
if [ ! -e ${source} ]; then echo source=absent
elif [ ${path} -ef ${source} ] && [ ! -h ${path} ]; then echo source=same; else echo source=other; fi
if [ -d ${path} ] && [ ! -h ${path} ]; then _x=$(ls -A ${path}) || exit; [ "$_x" ] || echo empty=y; fi
${follow && sh`[ ! -e ${source} ] || { echo linked:; ( ${probeFile(source, { follow: true })} ) || exit; }`}
:`;
}

/** Adds to a parser of files what {@link probeLink} and the list of a tree print besides. */
export function parseLink(parseFile: (probe: ProbeResult) => FileState): (probe: ProbeResult) => LinkState {
  return (probe) => {
    const [all = '', tree] = probe.stdout.split(/^tree:\n/m);
    const [head = '', linked] = all.split(/^linked:\n/m);
    const state: LinkState = parseFile({ ...probe, stdout: head });
    const source = /^source=(\w+)$/m.exec(head)?.[1];
    if (source) state.source = source as 'absent' | 'same' | 'other';
    if (tree !== undefined) state.tree = parseTreeList(tree);
    if (/^empty=y$/m.test(head)) state.empty = true;
    if (linked !== undefined) state.linked = parseFile({ ...probe, stdout: linked });
    return state;
  };
}

/** A symbolic link at `path` that holds exactly `src`. */
export function symbolicLink(
  path: string,
  { src, force }: LinkWanted,
  state: LinkState,
  context: DecideContext,
): Decision<LinkState> {
  const target = src as string;
  if (state.type === 'link' && state.target === target)
    return { kind: 'ok', result: { dest: path, src: target, state: 'link' } };
  const refused = refuse(path, target, state, context, force);
  if (refused) return refused;
  return {
    kind: 'change',
    diff: [{ what: path, before: shown(state), after: `a link to ${target}` }],
    // -n: a link to a directory is replaced, not followed into that directory.
    steps: [
      {
        do: 'run',
        script: beside(path, sh`${state.type === 'directory' && sh`rmdir "$n"&&`}ln -sfn -- ${target} "$n"`),
      },
    ],
    after: { type: 'link', target },
    result: { dest: path, src: target, state: 'link' },
  };
}

/** Another name, `path`, of the file `src`. */
export function hardLink(
  path: string,
  { src, force }: LinkWanted,
  state: LinkState,
  context: DecideContext,
): Decision<LinkState> {
  const target = src as string;
  const result = { dest: path, src: target, state: 'hard' };
  if (state.source === 'same' && state.type === 'file') return { kind: 'ok', result };
  const refused = refuse(path, target, state, context, force);
  if (refused) return refused;
  const diff = [{ what: path, before: shown(state), after: `the same file as ${target}` }];
  return {
    kind: 'change',
    diff,
    steps: [{ do: 'run', script: beside(path, sh`ln -fn -- ${posix.resolve(posix.dirname(path), target)} "$n"`) }],
    after: { type: 'file', source: 'same' },
    result,
  };
}

function refuse(
  path: string,
  src: string,
  state: LinkState,
  context: DecideContext,
  force = false,
): Decision<LinkState> | undefined {
  const way = refuseWay(state, context);
  if (way) return way;
  if (state.type === 'directory' && !(force && state.empty))
    return {
      kind: 'fail',
      message: `${path} is a directory; expected a link`,
      hint: force
        ? 'It is not empty. Remove it by a task before: `state: absent`.'
        : 'Use `force: true` to replace it where it is empty.',
    };
  if (state.type === 'file' && !force)
    return {
      kind: 'fail',
      message: `${path} is a file; expected a link`,
      hint: 'Use `force: true` to let the link replace it.',
    };
  const { parent, missing } = state;
  const placed = refusePlacement(
    path,
    { type: 'absent', ...(parent && { parent }), ...(missing && { missing }) },
    context,
  );
  if (placed) return placed;
  const planned = context.planned(fileResource(posix.resolve(posix.dirname(path), src))) as FileState | undefined;
  if (state.source !== 'absent' || force || (planned && planned.type !== 'absent')) return undefined;
  const why = `${src} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
  return {
    kind: 'fail',
    message: `${why}, so ${path} would be a dangling link`,
    hint: 'Use `force: true` to create it nevertheless.',
  };
}

function shown(state: FileState): string | null {
  if (state.type === 'absent') return null;
  return state.type === 'link' ? `a link to ${state.target ?? '?'}` : state.type;
}
