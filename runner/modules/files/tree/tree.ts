import { posix } from 'node:path';
import type { Diff } from '../../../model/events.ts';
import type { LocalTree } from '../../../model/local-file.ts';
import { raw, sh } from '../../../model/script.ts';
import { beside, INTO } from '../../../connection/files/way.ts';
import type { DecideContext, Decision, Step } from '../../../model/module.ts';
import { attributeChange } from '../../path/attributes.ts';
import type { Attributes } from '../../path/attributes.ts';
import { decideContent } from '../../path/content.ts';
import { resolveMode } from '../../path/mode.ts';
import { fileResource } from '../../path/file-state.ts';
import type { FileState } from '../../path/file-state.ts';
import { decideExtra } from './tree-extra.ts';
import { entriesOf } from './tree-state.ts';
import type { Mirror, TreeState } from './tree-state.ts';

/** What a tree is to be on the host, besides having what the controller's has. */
export interface TreeWanted extends Attributes {
  directoryMode?: string | undefined;
  /** What has the mode it has on the controller, unless another one is given. */
  preserve?: 'files' | 'all' | undefined;
  force?: boolean | undefined;
  backup?: boolean | undefined;
  /** An exact image: whatever else exists at a name of the tree is replaced. */
  mirror?: Mirror | undefined;
  /** Write nowhere but below the destination: a link to a directory does not stand for that. */
  confined?: boolean;
}

/** What has been decided so far. */
interface Plan {
  diff: Diff[];
  steps: Step[];
  entries: Record<string, FileState>;
}

type Refusal = Extract<Decision<TreeState>, { kind: 'fail' }>;

const ABSENT: FileState = { type: 'absent' };

/** Compares a directory and all that the controller's has in it. */
export function decideTree(
  dest: string,
  tree: LocalTree,
  wanted: TreeWanted,
  state: TreeState,
  context: DecideContext,
): Decision<TreeState> {
  if (state.type !== 'absent' && state.type !== 'directory') {
    return {
      kind: 'fail',
      message: `${dest} is not a directory`,
      hint: 'Remove it first, or name another destination.',
    };
  }
  const plan: Plan = { diff: [], steps: [], entries: { ...entriesOf(tree, state) } };
  const root = directoryChange(dest, tree.mode, wanted, state);
  add(plan, '', root);
  for (const { relative, mode } of tree.directories) {
    const path = posix.join(dest, relative);
    const found = makeWay(plan, path, relative, 'directory', wanted);
    if ('kind' in found) return found;
    add(plan, relative, directoryChange(path, mode, wanted, found));
  }
  for (const { relative, file } of tree.files) {
    const path = posix.join(dest, relative);
    const found = makeWay(plan, path, relative, 'file', wanted);
    if ('kind' in found) return found;
    const attributes = { ...wanted, mode: wanted.mode ?? (wanted.preserve && file.mode) };
    const decision = decideContent(path, { ...attributes, content: file }, found, context);
    if (decision.kind === 'fail') return decision;
    if (decision.kind === 'change') add(plan, relative, { ...decision, after: decision.after as FileState });
  }
  for (const { relative, target } of tree.links) {
    const path = posix.join(dest, relative);
    const found = makeWay(plan, path, relative, 'link', wanted);
    if ('kind' in found) return found;
    if (found.target !== target) add(plan, relative, linkChange(path, target, found));
  }
  const extra = wanted.mirror?.delete && decideExtra(dest, tree, wanted.mirror, state);
  if (extra) add(plan, undefined, extra);
  const result = { dest, src: tree.path };
  if (plan.steps.length === 0) return { kind: 'ok', result };
  return {
    kind: 'change',
    diff: plan.diff,
    steps: plan.steps,
    after: { ...root.after, entries: plan.entries },
    plans: plansOf(dest, plan),
    result,
  };
}

/** What is changed below `dest`, by the names under which later tasks of a check look for it. */
function plansOf(dest: string, { diff, entries }: Plan): Record<string, FileState> {
  const changed = new Set(diff.map(({ what }) => what.replace(/ (mode|owner|group)$/, '')));
  const states = Object.entries(entries).map(([name, state]) => [posix.join(dest, name), state] as const);
  return Object.fromEntries(
    states.flatMap(([path, state]) => (changed.has(path) ? [[fileResource(path), state] as const] : [])),
  );
}

function add(
  plan: Plan,
  name: string | undefined,
  { diff, steps, after }: { diff: Diff[]; steps: Step[]; after?: FileState },
): void {
  for (const one of diff) plan.diff.push(one);
  for (const one of steps) plan.steps.push(one);
  if (name && after) plan.entries[name] = after;
}

/** What is at `name`, once a thing of another kind has made way; or why it may not be removed. */
function makeWay(
  plan: Plan,
  path: string,
  name: string,
  wanted: FileState['type'],
  { mirror, confined }: TreeWanted,
): FileState | Refusal {
  const found = plan.entries[name] ?? ABSENT;
  const throughLink = found.type === 'directory' && found.real !== undefined;
  if (found.type === 'absent' || (found.type === wanted && !(throughLink && (mirror || confined)))) return found;
  // A file replaces a link or a device by itself, and so does a link a file.
  if (wanted !== 'directory' && found.type !== 'directory') return found;
  const what = throughLink ? 'link' : found.type;
  if (!mirror || (what === 'directory' && !mirror.delete)) {
    const hint = mirror
      ? 'Use `delete: true` to remove it with all that is in it.'
      : 'Remove it by a task before: `state: absent`.';
    return { kind: 'fail', message: `${path} is a ${what}; expected a ${wanted}`, hint };
  }
  plan.steps.push({ do: 'run', script: beside(path, sh`rm -rf -- "$n"`) });
  for (const below of Object.keys(plan.entries))
    if (below === name || below.startsWith(`${name}/`)) delete plan.entries[below];
  return ABSENT;
}

function directoryChange(path: string, own: string | undefined, wanted: TreeWanted, found: FileState) {
  if (own === undefined && found.type === 'directory') return { diff: [], steps: [], after: found };
  const given = wanted.directoryMode ?? (wanted.preserve === 'all' ? own : undefined);
  const attributes: Attributes = { owner: wanted.owner, group: wanted.group, mode: given };
  if (found.type === 'directory') return attributeChange(path, attributes, found);
  const mode = given === undefined ? undefined : resolveMode(given, undefined, true);
  const owner = wanted.group ? `${wanted.owner ?? ''}:${wanted.group}` : wanted.owner;
  const make: Step = {
    do: 'run',
    script: sh`(${raw(INTO)}
_make ${posix.dirname(path)} '' ''&&_make ${path} ${owner ?? ''} ${mode ?? ''})`,
  };
  const after: FileState = {
    type: 'directory',
    ...(mode && { mode }),
    ...(wanted.owner && { owner: wanted.owner }),
    ...(wanted.group && { group: wanted.group }),
  };
  return { diff: [{ what: path, before: null, after: 'directory' }], steps: [make], after };
}

function linkChange(path: string, target: string, { type }: FileState) {
  const diff: Diff[] = [
    {
      what: path,
      before: type === 'absent' ? null : type === 'link' ? 'a link to something else' : type,
      after: `a link to ${target}`,
    },
  ];
  const steps: Step[] = [{ do: 'run', script: beside(path, sh`ln -sfn -- ${target} "$n"`) }];
  return { diff, steps, after: { type: 'link' as const, target } };
}
