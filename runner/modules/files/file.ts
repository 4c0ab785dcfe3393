import { posix } from 'node:path';
import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { beside } from '../../connection/files/way.ts';
import { flag, homePath, path } from '../../model/arguments/scalars.ts';
import { attributeArgs, attributeChange } from '../path/attributes.ts';
import { hardLink, parseLink, probeLink, symbolicLink } from './link.ts';
import { makeDirectory, missingDirectories } from '../path/directory.ts';
import { resolveMode } from '../path/mode.ts';
import { isPlanned, refuseWay } from '../path/placement.ts';
import { NOW, asksTimes, parseTimes, probeTimes, timeArgs, timeRefusal, withTimes } from './times.ts';
import { listTree, recursiveChange } from './tree/recursive.ts';
import { probeFile } from '../path/probe.ts';
import { fileResource, parseFile } from '../path/file-state.ts';
import type { FileState, LinkState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { FILE_RETURNS } from '../shared/returns.ts';

const args = z
  .strictObject({
    path: path.optional().describe('The thing managed; `dest` and `name` are other words for it.'),
    dest: path.optional().describe('The same as `path`.'),
    name: path.optional().describe('The same as `path`.'),
    state: z
      .enum(['file', 'directory', 'link', 'hard', 'touch', 'absent'])
      .optional()
      .describe(
        'What it is to be. `file` only changes attributes; `touch` makes an empty file. Without it: whatever it is, or a link where `src` is given.',
      ),
    src: homePath.optional().describe('What a link points to.'),
    ...attributeArgs,
    recurse: flag.default(false).describe('Give the attributes to all that is in the directory too.'),
    force: flag
      .default(false)
      .describe('Make a link to something that does not exist; let a link take the place of a file.'),
    follow: flag
      .optional()
      .describe(
        'Manage what a link points to, not the link: `true` where not given. With `recurse` it has to be given for links that are in the directory.',
      ),
    ...timeArgs,
  })
  .refine(({ path, dest, name }) => [path, dest, name].filter(Boolean).length === 1, 'give one of path, dest and name')
  .refine(
    ({ state, src, follow = true }) => src !== undefined || (state !== 'hard' && (state !== 'link' || follow)),
    'a link needs src',
  )
  .refine(
    ({ state, recurse }) => !recurse || state === undefined || state === 'directory',
    'recurse is for directories',
  )
  .superRefine((args, issues) => {
    for (const [argument, message] of timeRefusal(args)) issues.addIssue({ code: 'custom', path: [argument], message });
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, LinkState>({
  name: 'file',
  summary: 'Manage files, directories and links, and who may use them',
  examples: `
- file:
    path: /etc/app
    state: directory
    mode: '0750'
    group: app
- file: {path: /etc/nginx/sites-enabled/default, state: absent}
- file: {path: /usr/local/bin/app, state: link, src: /opt/app/bin/app}
`,
  returns: { src: 'Where a link leads.', path: 'The path.', ...FILE_RETURNS },
  args,
  resource: (args) => fileResource(pathOf(args)),
  probe(args) {
    const state = stateOf(args);
    const path = pathOf(args);
    if (args.src !== undefined && (state === 'link' || state === 'hard'))
      return probeLink(path, args.src, follows(args));
    const probe = probeFile(path, { follow: follows(args) && state !== 'absent' });
    if (args.recurse) return sh`( ${probe} )||exit\n${listTree(path, args.follow === true)}`;
    return asksTimes(args) ? probeTimes(probe, path, follows(args)) : probe;
  },
  parse: parseTimes(parseLink(parseFile)),
  decide(args, state, context) {
    const path = pathOf(args);
    const way = refuseWay(state, context);
    if (way) return way;
    switch (stateOf(args)) {
      case 'absent':
        return remove(path, state);
      case 'link':
        return link(path, args, state, context);
      case 'hard':
        return withAttributes(hardLink(path, args, state, context), path, args, state);
      case 'directory':
        return state.type === 'directory'
          ? attributes(path, args, state)
          : withTimes(directory(path, args, state, context), args, {}, state.real ?? path, state);
      case 'touch':
        return touch(path, args, state, context);
      default:
        return existing(path, args, state, context);
    }
  },
});

function pathOf(args: Args): string {
  return (args.path ?? args.dest ?? args.name) as string;
}

function stateOf({ state, src, recurse }: Args): Args['state'] {
  return state ?? (src === undefined ? (recurse ? 'directory' : undefined) : 'link');
}

/** Whether a link at the path is replaced by its target. */
function follows({ follow = true }: Args): boolean {
  return follow;
}

function remove(path: string, state: FileState): Decision<FileState> {
  if (state.type === 'absent') return { kind: 'ok', result: { path, state: 'absent' } };
  const diff = [{ what: path, before: state.type, after: null }];
  return {
    kind: 'change',
    diff,
    steps: [{ do: 'run', script: beside(path, sh`rm -rf -- "$n"`) }],
    after: { type: 'absent' },
    result: { path, state: 'absent' },
  };
}

/** A link, and with `follow` who may use what it leads to; without it, whose the link itself is. */
function link(path: string, args: Args, state: LinkState, context: DecideContext): Decision<LinkState> {
  if (args.src === undefined && (state.target === undefined || state.type === 'absent')) {
    return {
      kind: 'fail',
      message: `${path} is not a link to something that exists, and src does not say what it should point to`,
    };
  }
  if (!follows(args))
    return withAttributes(
      symbolicLink(path, args, state, context),
      path,
      args,
      state.type === 'link' ? state : { type: 'link' },
    );
  const { linked, ...rest } = state;
  if (args.src === undefined) return attributes(path, args, rest);
  const decision = symbolicLink(path, args, rest, context);
  if (!linked) return decision;
  const target = linked.real ?? posix.resolve(posix.dirname(path), args.src);
  return refuseWay(linked, context) ?? withAttributes(decision, target, args, linked);
}

/** The same decision, with what `args` say of who may use the thing, which is then in `state`. */
function withAttributes(
  decision: Decision<LinkState>,
  path: string,
  args: Args,
  state: FileState,
): Decision<LinkState> {
  if (decision.kind !== 'ok' && decision.kind !== 'change') return decision;
  if (state.type === 'link' && args.mode) return noMode(path);
  const { diff, steps, after } = attributeChange(path, args, state);
  if (steps.length === 0) return decision;
  if (decision.kind === 'ok')
    return {
      kind: 'change',
      diff,
      steps,
      ...(state.type === 'link' && { after }),
      ...(decision.result && { result: decision.result }),
    };
  return { ...decision, diff: [...decision.diff, ...diff], steps: [...decision.steps, ...steps] };
}

function noMode(path: string): Decision<LinkState> {
  return {
    kind: 'fail',
    message: `${path} is a symbolic link, which has no mode of its own`,
    hint: 'Use `follow: true` to set the mode of its target.',
  };
}

function directory(path: string, args: Args, state: LinkState, context: DecideContext): Decision<FileState> {
  if (state.type !== 'absent')
    return {
      kind: 'fail',
      message: `${path} is a ${state.type}; expected a directory`,
      hint: 'Remove it by a task before: `state: absent`.',
    };
  const target = state.real ?? path;
  const made = [...missingDirectories(target, state, context), target];
  const changes = made.map((one) => attributeChange(one, args, { type: 'directory' }));
  const mode = args.mode && resolveMode(args.mode, undefined, true);
  const owner = args.group ? `${args.owner ?? ''}:${args.group}` : args.owner;
  const after = changes.at(-1)!.after;
  return {
    kind: 'change',
    diff: made.flatMap((what, i) => [{ what, before: null, after: 'directory' }, ...changes[i]!.diff]),
    steps: [makeDirectory(target, owner, mode)],
    after,
    plans: Object.fromEntries(made.slice(0, -1).map((one) => [fileResource(one), after])),
    result: { path, state: 'directory', mode: after.mode, owner: after.owner, group: after.group },
  };
}

function touch(path: string, args: Args, state: LinkState, context: DecideContext): Decision<FileState> {
  const target = follows(args) && state.real ? state.real : path;
  if (state.type === 'absent') {
    if (state.parent === 'absent' && !isPlanned(posix.dirname(target), context))
      return missing(`the directory of ${target}`, context);
    return withTimes(make(target, args, path), args, {}, target, state);
  }
  return withTimes(attributes(path, args, state), args, NOW, target, state);
}

function existing(path: string, args: Args, state: LinkState, context: DecideContext): Decision<FileState> {
  if (state.type === 'absent') return missing(path, context);
  if (args.state === 'file' && state.type === 'directory') {
    return {
      kind: 'fail',
      message: `${path} is a directory; expected a file`,
      hint: 'Use state: directory, or remove it before.',
    };
  }
  return attributes(path, args, state);
}

/** What is not there may come by a package or a command that a check does not run. */
function missing(what: string, context: DecideContext): Decision<FileState> {
  const why = `${what} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
  return {
    kind: 'fail',
    message: why,
    hint: 'Use state: touch, state: directory, or the copy or template module to make it.',
  };
}

function attributes(path: string, args: Args, state: LinkState): Decision<FileState> {
  const target = follows(args) && state.real ? state.real : path;
  if (state.type === 'link' && args.mode) return noMode(path);
  const { diff, steps, after } = args.recurse
    ? recursiveChange(target, args, state)
    : attributeChange(target, args, state);
  const { mode, owner, group, uid, gid, size } = after;
  const result = {
    path,
    state: state.type,
    mode,
    owner,
    group,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(size !== undefined && { size }),
  };
  const decision: Decision<FileState> =
    steps.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, after, result };
  return args.state === 'touch' ? decision : withTimes(decision, args, {}, target, state);
}

/** Makes an empty file and gives it its attributes. */
function make(target: string, args: Args, path: string): Decision<FileState> {
  const { diff, steps, after } = attributeChange(target, args, { type: 'file' });
  const result = { path, state: 'file', mode: after.mode, owner: after.owner, group: after.group };
  const script = beside(target, sh`set -C;: >"$n"`);
  return {
    kind: 'change',
    diff: [{ what: target, before: null, after: 'file' }, ...diff],
    steps: [{ do: 'run', script }, ...steps],
    after,
    result,
  };
}
