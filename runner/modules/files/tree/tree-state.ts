import type { LocalTree } from '../../../model/local-file.ts';
import { raw, sh } from '../../../model/script.ts';
import { textOf } from '../../../model/host-text.ts';
import type { Script } from '../../../model/script.ts';
import type { ProbeResult } from '../../../model/module.ts';
import type { FileState } from '../../path/file-state.ts';
import { ENCODE, decoded } from '../../path/taken.ts';

/** A directory of a host's, as far as a directory of the controller's has the same names. */
export interface TreeState extends FileState {
  /** What the host has of the tree's files, then of its directories and links, in their order; null for what it lacks. */
  listed?: (FileState | null)[];
  /** The same by relative path, as an earlier task of a check planned it. */
  entries?: Record<string, FileState>;
  /** Relative paths of all that the host has; only where they were asked for. */
  names?: string[];
}

/**
 * Reads the state of each of the tree's files, directories and links under `dest`: one letter an entry, then one
 * `stat` line for each that exists, then one checksum for each file. Names of the tree are never printed, so that any
 * name will do; with `extra` all that there is follows, encoded.
 */
export function probeTree(dest: string, tree: LocalTree, extra = false): Script {
  const names = tree.files.map((file) => `./${file.relative}`);
  const directories = tree.directories.map(({ relative }) => `./${relative}`);
  const links = tree.links.map(({ relative, target }) => sh`t ${`./${relative}`} ${target}`.text);
  // By xargs, since a command takes no more than some megabytes of arguments.
  return sh`cd ${dest} 2>/dev/null || { [ -e ${dest} ] && echo tree=other || echo tree=absent; exit 0; }
k=; set --
t() { if [ ! -h "$1" ]; then if [ -d "$1" ]; then k=$k"d"; elif [ -e "$1" ]; then k=$k"o"; else k=$k"-"; fi
elif [ "$(readlink "$1"; echo .)" = "$2
." ]; then k=$k"s"; else k=$k"l"; fi; }
for f in ${names}; do
if [ -h "$f" ]; then k=$k"l"; elif [ -f "$f" ]; then k=$k"f"; set -- "$@" "$f"; elif [ -d "$f" ]; then k=$k"D"
elif [ -e "$f" ]; then k=$k"o"; else k=$k"-"; fi; done
n=$#
for f in ${directories}; do
if [ -d "$f" ]; then if [ -h "$f" ]; then k=$k"L"; else k=$k"d"; fi; set -- "$@" "$f"
elif [ -h "$f" ]; then k=$k"l"; elif [ -e "$f" ]; then k=$k"o"; else k=$k"-"; fi; done
${raw(links.join('\n'))}
echo tree="$k"
printf '%s\\0' . "$@" | xargs -0 stat -L -c 'mode=%a uid=%u gid=%g size=%s owner=%U group=%G' || exit
[ $n = 0 ] || { for f do [ $n -gt 0 ] || break; printf '%s\\0' "$f"; n=$((n - 1)); done | xargs -0 sha256sum; } || exit
${extra && raw(`${ENCODE}\necho extra:; find . / -print0 -path / -prune | _encode || exit`)}`;
}

/** By letter; a capital is one whose attributes are not reported, or that was reached by a link. */
const TYPES: Record<string, FileState['type']> = {
  f: 'file',
  d: 'directory',
  D: 'directory',
  L: 'directory',
  l: 'link',
  s: 'link',
  o: 'other',
};
/** What a link of the tree's is on the host, where it holds the very same; {@link entriesOf} fills in what that is. */
const SAME = '\0same';

/** What {@link probeTree} printed. */
export function parseTree({ stdout, stderr }: ProbeResult, extra = false): TreeState {
  const [head = '', encoded] = stdout.split(/^extra:\n/m);
  const kinds = /^tree=(.*)$/m.exec(head)?.[1];
  if (kinds === undefined) throw new Error(`the directory cannot be read: ${stderr || stdout}`);
  if (kinds === 'absent' || kinds === 'other') return { type: kinds };
  const stats = [...head.matchAll(/^mode=(\d+) uid=(\d+) gid=(\d+) size=(\d+) owner=(.*) group=(.*)$/gm)].map(statOf);
  const sums = [...head.matchAll(/^\\?([0-9a-f]{64}) /gm)].map((match) => match[1] as string);
  const state: TreeState = { type: 'directory', ...next(stats) };
  state.listed = [...kinds].map((kind) => {
    const type = TYPES[kind];
    if (!type) return null;
    const entry: FileState = { type, ...('fdL'.includes(kind) ? next(stats) : {}) };
    if (type === 'file') entry.sha256 = next(sums);
    if (kind === 's') entry.target = SAME;
    if (kind === 'L') entry.real = '';
    return entry;
  });
  if (stats.length + sums.length > 0) throw new Error('stat or sha256sum printed more than was asked for');
  if (extra !== (encoded !== undefined)) throw new Error('the list of what is in the directory did not arrive');
  return encoded === undefined ? state : { ...state, ...namesIn(decoded(encoded)) };
}

function next<T>(list: T[]): T {
  const one = list.shift();
  if (one === undefined) throw new Error('stat or sha256sum did not print a line for each file');
  return one;
}

/** What the host has, by the tree's names. */
export function entriesOf(tree: LocalTree, { entries, listed = [] }: TreeState): Record<string, FileState> {
  if (entries) return entries;
  const names = namesOf(tree);
  const targets = new Map(tree.links.map(({ relative, target }) => [relative, target]));
  const found: Record<string, FileState> = {};
  listed.forEach((entry, i) => {
    const name = names[i] as string;
    if (entry) found[name] = entry.target === SAME ? { ...entry, target: targets.get(name) as string } : entry;
  });
  return found;
}

/** All relative paths of a tree, in the order in which they are asked for. */
export function namesOf({ files, directories, links }: LocalTree): string[] {
  return [...files, ...directories, ...links].map(({ relative }) => relative);
}

/** Names as `find -print0` gives them; `tr` and the like would spoil those with line ends. The last is `/`: then all are there. */
function namesIn(bytes: Buffer): Pick<TreeState, 'names'> {
  if (!bytes.subarray(-3).equals(Buffer.from('\0/\0')))
    throw new Error('the list of what is in the directory did not arrive completely');
  const names: string[] = [];
  for (let at = 2, end = 0; at < bytes.length - 2; at = end + 1) {
    end = bytes.indexOf(0, at);
    if (end < 0) end = bytes.length;
    names.push(textOf(bytes.subarray(at, end)).replace(/^\.\//, ''));
  }
  return { names };
}

function statOf([, mode = '', uid, gid, size, owner, group]: string[]): Partial<FileState> {
  return {
    mode: mode.padStart(4, '0'),
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    owner: owner ?? '',
    group: group ?? '',
  };
}

/** How exact an image is to be. */
export interface Mirror {
  /** Remove what only the host has, and directories at the names of files. */
  delete: boolean;
  /** Relative paths that are none of our business. */
  spares(name: string): boolean;
}
