import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { SWEEP_HERE, TAG, aside } from '../../../connection/files/leftovers.ts';
import { atExit, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { textOf } from '../../../model/host-text.ts';
import { INTO } from '../../../connection/files/way.ts';
import type { LocalTree } from '../../../model/local-file.ts';
import type { FileState } from '../../path/file-state.ts';
import { TAKE, takenOf } from '../../path/taken.ts';
import type { TreeState } from '../tree/tree-state.ts';
import type { Decision, ProbeResult, Step } from '../../../model/module.ts';
import { UNPACK, withoutImplied } from './unpack.ts';

/** An archive on the host: what is in it, and what exists at the names of its members, null for nothing. */
export interface RemoteArchive {
  tree: LocalTree;
  there: (FileState | null)[];
  /** Of the tree, in the order of `there`. */
  names: string[];
  type: TreeState['type'];
}

/** Prints `tree` and what is at the same names, without their first `strip` parts, below `dest`. `get` sets `$a`, the archive. */
export function probeRemoteArchive(get: Script, dest: string, strip: number): Script {
  return sh`${unpacked(get, sh`{ echo "trouble=$(cat "$w/err")"; exit 0; }`)}
${raw(TAKE)}
cd "$w/tree" && find . -mindepth 1 -print0 >"$w/list" || exit
echo names:; _take "$w/names" || exit; echo list:; _take "$w/list" || exit
${SCAN}
echo source:; scan "$w/list"
xargs -0 sh -c 'n=$0; for f do f=\${f#./}; i=$n; while [ $i -gt 0 ]; do case $f in */*) f=\${f#*/} ;; *) f= ;; esac; i=$((i - 1)); done; printf "./%s\\\\0" "$f"; done' ${strip} <"$w/list" >"$w/stripped" || exit
echo there:; if cd ${dest} 2>/dev/null; then scan "$w/stripped"; elif [ -e ${dest} ]; then echo dest=other; else echo dest=absent; fi`;
}

/**
 * For each name of a list one letter, then one `stat` line for each file and directory, one checksum for each file, and
 * what the links hold. By xargs, since a command takes no more than some megabytes of arguments.
 */
const SCAN =
  raw(`only() { xargs -0 sh -c 't=$0; for f do if [ ! -h "$f" ] && { [ -f "$f" ] || { [ $t = d ] && [ -d "$f" ]; }; }; then printf "%s\\\\0" "$f"; fi; done' $1; }
scan() {
xargs -0 sh -c 'for f do if [ -h "$f" ]; then k=l; elif [ -d "$f" ]; then k=d; elif [ -f "$f" ]; then k=f; elif [ -e "$f" ]; then k=o; else k=-; fi; printf %s $k; done' sh <"$1" || exit; echo
only d <"$1" | xargs -0 -r stat -c 'mode=%a uid=%u gid=%g size=%s owner=%U group=%G' || exit
only f <"$1" | xargs -0 -r sha256sum || exit
echo links:; xargs -0 sh -c 'for f do if [ -h "$f" ]; then readlink "$f"; printf "\\\\0"; fi; done' sh <"$1" >"$w/links" && _take "$w/links" || exit
}`);

/** Makes `$w`, a directory that goes with the script, and in it `tree`; otherwise does what `otherwise` says. */
function unpacked(get: Script, otherwise: Script): Script {
  return sh`${UNPACK}
${raw(TAG)}
w=$(mktemp -d ${raw(aside())}) || exit; ${atExit('chmod -R u+rwx "$w"; rm -rf "$w"')}
${get}
unpack "$a" "$w" 2>"$w/err" || ${otherwise}`;
}

/** What {@link probeRemoteArchive} printed; a text where the archive is not valid. */
export function parseRemoteArchive({ stdout, stderr }: ProbeResult): RemoteArchive | string {
  const [, trouble] = /^trouble=([\s\S]*)/.exec(stdout) ?? [];
  if (trouble !== undefined) return trouble.trim() || 'it cannot be unpacked';
  const [, members, list, source, there] =
    /^names:\n([\s\S]*)^list:\n([\s\S]*)^source:\n([\s\S]*)^there:\n([\s\S]*)/m.exec(stdout) ?? [];
  if (members === undefined || list === undefined || source === undefined || there === undefined)
    throw new Error(`the archive cannot be read: ${stderr || stdout}`);
  const names = split(list, source.indexOf('\n')).map((name) => name.replace(/^\.\//, ''));
  const tree: LocalTree = { path: '', files: [], directories: [], links: [] };
  for (const [i, entry] of scanned(source, names.length).entries()) {
    const relative = names[i] as string;
    if (entry?.type === 'directory') tree.directories.push({ relative, mode: entry.mode as string });
    else if (entry?.type === 'link') tree.links.push({ relative, target: entry.target as string });
    else if (entry?.type === 'file')
      tree.files.push({
        relative,
        file: {
          path: relative,
          size: entry.size as number,
          sha256: entry.sha256 as string,
          mode: entry.mode as string,
        },
      });
    else return `${relative} in it is neither a file nor a directory nor a link`;
  }
  for (const entries of [tree.files, tree.directories, tree.links])
    entries.sort((a, b) => (a.relative < b.relative ? -1 : 1));
  const type = /^dest=(other|absent)$/m.exec(there)?.[1] as TreeState['type'] | undefined;
  return {
    tree: withoutImplied(tree, takenOf(members).toString()),
    names,
    there: type ? [] : scanned(there, names.length),
    type: type ?? 'directory',
  };
}

/** The same decision, with what would be sent from here taken from the host's archive instead; `dest` is the tree's. */
export function fromRemoteArchive(decision: Decision<TreeState>, get: Script): Decision<TreeState> {
  if (decision.kind !== 'change') return decision;
  const puts = decision.steps.flatMap((step) => (step.do === 'put' ? [step.file] : []));
  const first = decision.steps.findIndex((step) => step.do === 'put');
  if (first < 0) return decision;
  const places = puts.map(({ path, content, mode, owner, group }) => {
    const who =
      owner === undefined && group === undefined ? '' : `${owner ?? ''}${group === undefined ? '' : `:${group}`}`;
    return sh`place ${(content as { path: string }).path} ${path} ${posix.dirname(path)} ${mode} ${who}`.text;
  });
  const script = sh`${unpacked(get, raw('{ cat "$w/err" >&2; exit 1; }'))}
${raw(INTO)}
place() { (
_into "$3" || exit
${raw(SWEEP_HERE)}
t=./.xrun-$$-$_b-${randomBytes(8).toString('hex')}; n=./\${2##*/}; umask 077; set -C; exec 5>"$t" || exit; a=/proc/self/fd/5; [ -e $a ] || a=$t
cat <"$w/tree/$1" >&5 && { [ -z "$5" ] || chown "$5" "$a"; } && chmod "$4" "$a" && exec 5>&- && [ ! -d "$n" ] && mv -f "$t" "$n" || { rm -f "$t"; exit 1; }
) || exit; }
${raw(places.join('\n'))}`;
  const bring: Step = { do: 'run', script, touches: puts.map(({ path }) => path) };
  return {
    ...decision,
    steps: decision.steps.flatMap((step, i) => (i === first ? [bring] : step.do === 'put' ? [] : [step])),
  };
}

const TYPES: Record<string, FileState['type']> = { f: 'file', d: 'directory', l: 'link', o: 'other' };

/** What a scan of so many names printed. Throws where the programs it ran did not say something of each. */
function scanned(text: string, count: number): (FileState | null)[] {
  const [head = '', encoded = ''] = text.split(/^links:\n/m);
  const kinds = /^.*/.exec(head)?.[0] ?? '';
  const of = (letters: string) => [...kinds].filter((kind) => letters.includes(kind)).length;
  const stats = [...head.matchAll(/^mode=(\d+) uid=(\d+) gid=(\d+) size=(\d+) owner=(.*) group=(.*)$/gm)];
  const sums = [...head.matchAll(/^\\?([0-9a-f]{64}) /gm)];
  if (kinds.length !== count || stats.length !== of('fd') || sums.length !== of('f'))
    throw new Error('what is in the archive, or in its place, was not read completely');
  const targets = split(encoded, of('l'));
  return [...kinds].map((kind) => {
    const type = TYPES[kind];
    if (!type) return null;
    if (type === 'link') return { type, target: (targets.shift() ?? '').replace(/\n$/, '') };
    if (type === 'other') return { type };
    const [, mode = '', uid, gid, size, owner = '', group = ''] = stats.shift() ?? [];
    return {
      type,
      mode: mode.padStart(4, '0'),
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      owner,
      group,
      ...(type === 'file' && { sha256: sums.shift()?.[1] ?? '' }),
    };
  });
}

/** So many texts, each with a NUL behind it. */
function split(block: string, count: number): string[] {
  const parts = textOf(takenOf(block)).split('\0');
  if (parts.pop() !== '' || parts.length !== count) throw new Error('names in the archive were not read completely');
  return parts;
}
