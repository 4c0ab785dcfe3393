import * as z from 'zod';
import { sh } from '../shell/script.ts';
import { flag, path } from './arguments/scalars.ts';
import { attributeArgs, attributeChange } from './files/attributes.ts';
import { hardLink, parseLink, probeLink, symbolicLink } from './files/link.ts';
import type { LinkState } from './files/link.ts';
import { recursiveChange } from './files/recursive.ts';
import { probeFile } from './files/probe.ts';
import { fileResource, parseFile } from './files/state.ts';
import type { FileState } from './files/state.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, Step } from './module.ts';

const args = z
  .strictObject({
    path: path.optional().describe('The thing managed; `dest` and `name` are other words for it.'),
    dest: path.optional().describe('The same as `path`.'),
    name: path.optional().describe('The same as `path`.'),
    state: z
      .enum(['file', 'directory', 'link', 'hard', 'touch', 'absent'])
      .optional()
      .describe('What it is to be. `file` only changes attributes; `touch` makes an empty file. Without it: whatever it is, or a link where `src` is given.'),
    src: z.string().min(1).optional().describe('What a link points to.'),
    ...attributeArgs,
    recurse: flag.default(false).describe('Give the attributes to all that is in the directory too.'),
    force: flag.default(false).describe('Make a link to something that does not exist; let a link take the place of a file.'),
    follow: flag.default(true).describe('Manage what a link points to, not the link.'),
    modification_time: z.enum(['preserve', 'now']).optional().describe('`preserve`: touch leaves a file that is there as it is.'),
    access_time: z.enum(['preserve', 'now']).optional().describe('The same for the time of the last reading.'),
  })
  .refine(({ path, dest, name }) => [path, dest, name].filter(Boolean).length === 1, 'give one of path, dest and name')
  .refine(({ state, src }) => !(state === 'link' || state === 'hard') || src !== undefined, 'a link needs src')
  .refine(({ state, recurse }) => !recurse || state === undefined || state === 'directory', 'recurse is for directories');

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
  args,
  resource: (args) => fileResource(pathOf(args)),
  probe(args) {
    const state = stateOf(args);
    if (state === 'link' || state === 'hard') return probeLink(pathOf(args), args.src as string);
    const probe = probeFile(pathOf(args), { follow: args.follow && state !== 'absent' });
    if (!args.recurse) return probe;
    return sh`( ${probe} )
echo tree:; [ ! -d ${pathOf(args)} ] || find ${pathOf(args)}/ ! -type l -exec stat -c '%a %u %g %F|%U|%G|%n' {} +`;
  },
  parse: parseLink(parseFile),
  decide(args, state, context) {
    const path = pathOf(args);
    switch (stateOf(args)) {
      case 'absent':
        return remove(path, state);
      case 'link':
        return symbolicLink(path, args, state, context);
      case 'hard':
        return hardLink(path, args, state, context);
      case 'directory':
        return directory(path, args, state);
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

function remove(path: string, state: FileState): Decision<FileState> {
  if (state.type === 'absent') return { kind: 'ok', result: { path, state: 'absent' } };
  const diff = [{ what: path, before: state.type, after: null }];
  return { kind: 'change', diff, steps: [{ do: 'run', script: sh`rm -rf -- ${path}` }], after: { type: 'absent' }, result: { path, state: 'absent' } };
}

function directory(path: string, args: Args, state: LinkState): Decision<FileState> {
  if (state.type === 'directory') return attributes(path, args, state);
  if (state.type !== 'absent') return { kind: 'fail', message: `${path} is a ${state.type}; a directory was wanted`, hint: 'Remove it by a task before: state: absent' };
  return make(path, 'directory', sh`mkdir -p -- ${path}`, args);
}

function touch(path: string, args: Args, state: LinkState, context: DecideContext): Decision<FileState> {
  if (state.type === 'absent') {
    const decision = make(path, 'file', sh`: >> ${path}`, args);
    return state.parent === 'absent' ? missing(`the directory of ${path}`, context) : decision;
  }
  const decision = attributes(path, args, state);
  if (args.modification_time === 'preserve' && args.access_time === 'preserve') return decision;
  const flags = args.modification_time === 'preserve' ? '-a' : args.access_time === 'preserve' ? '-m' : undefined;
  const step: Step = { do: 'run', script: sh`touch ${flags} -- ${path}` };
  const times = [{ what: `${path} times`, before: `modified ${state.mtime ?? '?'}`, after: 'now' }];
  if (decision.kind === 'change') return { ...decision, diff: [...times, ...decision.diff], steps: [step, ...decision.steps] };
  return decision.kind === 'ok' ? { kind: 'change', diff: times, steps: [step], after: state, result: { dest: path } } : decision;
}

function existing(path: string, args: Args, state: LinkState, context: DecideContext): Decision<FileState> {
  if (state.type === 'absent') return missing(path, context);
  if (args.state === 'file' && state.type === 'directory') {
    return { kind: 'fail', message: `${path} is a directory; a file was wanted`, hint: 'Use state: directory, or remove it before.' };
  }
  return attributes(path, args, state);
}

/** What is not there may come by a package or a command that a check does not run. */
function missing(what: string, context: DecideContext): Decision<FileState> {
  const why = `${what} does not exist`;
  if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
  return { kind: 'fail', message: why, hint: 'Use state: touch, state: directory, or the copy or template module to make it.' };
}

function attributes(path: string, args: Args, state: LinkState): Decision<FileState> {
  const target = args.follow && state.real ? state.real : path;
  const { diff, steps, after } = args.recurse ? recursiveChange(path, args, state) : attributeChange(target, args, state);
  const result = { path, state: state.type, mode: after.mode, owner: after.owner, group: after.group };
  return steps.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, after, result };
}

/** Makes a thing and gives it its attributes, in one go. */
function make(path: string, type: 'file' | 'directory', script: ReturnType<typeof sh>, args: Args): Decision<FileState> {
  const { diff, steps, after } = attributeChange(path, args, { type });
  const result = { path, state: type, mode: after.mode, owner: after.owner, group: after.group };
  return { kind: 'change', diff: [{ what: path, before: null, after: type }, ...diff], steps: [{ do: 'run', script }, ...steps], after, result };
}
