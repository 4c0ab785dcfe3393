import { posix } from 'node:path';
import type { Diff } from '../../events.ts';
import type { LocalTree } from '../../shell/local-file.ts';
import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { DecideContext, Decision, ProbeResult, Step } from '../module.ts';
import { attributeChange } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { decideContent } from './content.ts';
import { resolveMode } from './mode.ts';
import type { FileState } from './state.ts';

/** A directory of a host's, as far as a directory of the controller's has the same names. */
export interface TreeState extends FileState {
  /** What the host has of the tree's files, then of its directories, in their order; null for what it lacks. */
  listed?: (FileState | null)[];
  /** The same by relative path, as an earlier task of a check planned it. */
  entries?: Record<string, FileState>;
  /** Relative paths of all that the host has; only where they were asked for. */
  names?: string[];
}

export interface TreeWanted extends Attributes {
  directoryMode?: string | undefined;
  /** Each file keeps the mode it has on the controller. */
  preserve?: boolean | undefined;
  force?: boolean | undefined;
  backup?: boolean | undefined;
  /** Remove what only the host has. */
  delete?: boolean | undefined;
}

/**
 * Reads the state of each of the tree's files and directories under `dest`: one letter an entry, then one `stat` line
 * for each that exists, then one checksum for each file. Names are never printed, so that any name will do.
 */
export function probeTree(dest: string, tree: LocalTree, extra = false): Script {
  const names = tree.files.map((file) => `./${file.relative}`);
  const directories = tree.directories.map((name) => `./${name}`);
  return sh`cd ${dest} 2>/dev/null || { [ -e ${dest} ] && echo tree=other || echo tree=absent; exit 0; }
k=; set --
for f in ${[...names, ...directories]}; do
if [ -h "$f" ]; then k=$k"l"; elif [ -f "$f" ]; then k=$k"f"; set -- "$@" "$f"; elif [ -d "$f" ]; then k=$k"d"; set -- "$@" "$f"
elif [ -e "$f" ]; then k=$k"o"; else k=$k"-"; fi; done
echo tree="$k"
stat -c 'mode=%a uid=%u gid=%g size=%s owner=%U group=%G' . "$@" || exit
set --; for f in ${names}; do [ -f "$f" ] && [ ! -h "$f" ] && set -- "$@" "$f"; done
[ $# = 0 ] || sha256sum "$@"
${extra && raw("echo extra:; find . ! -name . | sed 's/^..//'")}`;
}

const TYPES: Record<string, FileState['type']> = { f: 'file', d: 'directory', l: 'link', o: 'other' };

/** What {@link probeTree} printed. */
export function parseTree({ stdout, stderr }: ProbeResult): TreeState {
  const [head = '', names] = stdout.split(/^extra:\n/m);
  const kinds = /^tree=(.*)$/m.exec(head)?.[1];
  if (kinds === undefined) throw new Error(`the directory cannot be read: ${stderr || stdout}`);
  if (kinds === 'absent' || kinds === 'other') return { type: kinds };
  const stats = [...head.matchAll(/^mode=(\d+) uid=(\d+) gid=(\d+) size=(\d+) owner=(.*) group=(.*)$/gm)].map(statOf);
  const sums = [...head.matchAll(/^\\?([0-9a-f]{64}) /gm)].map((match) => match[1]);
  const state: TreeState = { type: 'directory', ...stats.shift() };
  state.listed = [...kinds].map((kind) => {
    const type = TYPES[kind];
    if (!type) return null;
    const entry: FileState = { type, ...(type === 'file' || type === 'directory' ? stats.shift() : {}) };
    if (type === 'file') entry.sha256 = sums.shift() ?? '';
    return entry;
  });
  if (names !== undefined) state.names = names.split('\n').filter(Boolean);
  return state;
}

/** Compares a directory and all that the controller's has in it. */
export function decideTree(dest: string, tree: LocalTree, wanted: TreeWanted, state: TreeState, context: DecideContext): Decision<TreeState> {
  if (state.type !== 'absent' && state.type !== 'directory') {
    return { kind: 'fail', message: `${dest} is no directory`, hint: 'Remove it first, or name another destination.' };
  }
  const diff: Diff[] = [];
  const steps: Step[] = [];
  const before = state.entries ?? named(tree, state.listed ?? []);
  const entries = { ...before };
  for (const name of ['', ...tree.directories]) {
    const found = (name === '' ? state : before[name]) ?? { type: 'absent' as const };
    const change = directoryChange(posix.join(dest, name), wanted, found);
    diff.push(...change.diff);
    steps.push(...change.steps);
    if (name) entries[name] = change.after;
  }
  for (const { relative, file } of tree.files) {
    const attributes = wanted.preserve ? { ...wanted, mode: file.mode } : wanted;
    const found = before[relative] ?? { type: 'absent' as const };
    const decision = decideContent(posix.join(dest, relative), { ...attributes, content: file }, found, context);
    if (decision.kind === 'fail') return decision;
    if (decision.kind !== 'change') continue;
    diff.push(...decision.diff);
    steps.push(...decision.steps);
    entries[relative] = decision.after as FileState;
  }
  if (wanted.delete) removeExtra(dest, extraNames(tree, state), diff, steps);
  const result = { dest, src: tree.path };
  if (steps.length === 0) return { kind: 'ok', result };
  return { kind: 'change', diff, steps, after: { type: 'directory', entries }, result };
}

function named(tree: LocalTree, listed: (FileState | null)[]): Record<string, FileState> {
  const names = namesOf(tree);
  const entries: Record<string, FileState> = {};
  listed.forEach((entry, i) => {
    if (entry) entries[names[i] as string] = entry;
  });
  return entries;
}

function namesOf(tree: LocalTree): string[] {
  return [...tree.files.map((file) => file.relative), ...tree.directories];
}

function extraNames(tree: LocalTree, { names = [] }: TreeState): string[] {
  const known = new Set(namesOf(tree));
  return names.filter((name) => !known.has(name));
}

function directoryChange(path: string, wanted: TreeWanted, found: FileState) {
  const attributes: Attributes = { owner: wanted.owner, group: wanted.group, mode: wanted.directoryMode };
  if (found.type === 'directory') return attributeChange(path, attributes, found);
  const mode = wanted.directoryMode === undefined ? undefined : resolveMode(wanted.directoryMode, undefined, true);
  const owner = wanted.group ? `${wanted.owner ?? ''}:${wanted.group}` : wanted.owner;
  const make: Step = {
    do: 'run',
    script: sh`mkdir -p -- ${path}${owner && sh` && chown -- ${owner} ${path}`}${mode && sh` && chmod -- ${mode} ${path}`}`,
  };
  const after: FileState = { type: 'directory', ...(mode && { mode }), ...(wanted.owner && { owner: wanted.owner }), ...(wanted.group && { group: wanted.group }) };
  return { diff: [{ what: path, before: null, after: 'directory' }], steps: [make], after };
}

function removeExtra(dest: string, extra: string[], diff: Diff[], steps: Step[]): void {
  const paths = extra.map((name) => posix.join(dest, name));
  diff.push(...paths.map((what) => ({ what, before: 'present', after: null })));
  if (paths.length > 0) steps.push({ do: 'run', script: sh`rm -rf -- ${paths}` });
}

function statOf([, mode = '', uid, gid, size, owner, group]: string[]): Partial<FileState> {
  return { mode: mode.padStart(4, '0'), uid: Number(uid), gid: Number(gid), size: Number(size), owner: owner ?? '', group: group ?? '' };
}
