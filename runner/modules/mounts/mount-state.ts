import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { WHOLE } from '../shared/whole.ts';
import { probeFile } from '../path/probe.ts';
import { EDIT_LIMIT, parseFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import type { ProbeResult } from '../../model/module.ts';
import { unescaped } from './fstab.ts';
import { parseMountinfo } from './mountinfo.ts';
import type { Mounted } from './mountinfo.ts';
import { isBind, valuesOf, words } from './words.ts';

/** A mount point, what could be mounted there, and the file that says what is mounted at boot. */
export interface MountState {
  /** One upon the other; the last is the one that is seen. */
  mounts: Mounted[];
  /** Mount points further down, which have to go before this one can. */
  below: string[];
  point: 'directory' | 'file' | 'absent' | 'dangling' | 'other';
  /** What is not a directory among the parents of a mount point that is absent. */
  blocked?: string;
  /** What the task's source is on this host; absent for what is not a path. */
  source?: 'block' | 'directory' | 'file' | 'other' | 'absent';
  /** What has the source's device in use otherwise: another device that is built on it, swap. */
  holder?: string;
  /** The type of the file system on the source; absent where the host does not know it, or where something is mounted. */
  format?: string;
  /** The kernel has no such type, cannot load it, and no helper is installed. */
  unknownType?: true;
  /** The device, directory or file that the task's source refers to, links followed. */
  wanted?: string;
  /** The same of what is mounted; of a loop device its file. */
  found?: string;
  /** The mount that the source of a bind mount lies on, whose switches it inherits. */
  origin?: Mounted;
  /** Whether mount point and source are one directory (bind), or what is mounted lies on the source's device. */
  same: boolean;
  /** Mode, owner and group of the root of what is mounted. */
  root?: { mode: string; uid: number; gid: number };
  /** Bytes of memory. */
  memory?: number;
  /** Numbers of the users and groups that the options name, as `uid:NAME`. */
  ids: Record<string, number>;
  /** Processes that keep it from being unmounted. */
  users: string[];
  fstab: FileState;
}

export interface MountQuestion {
  path: string;
  src: string | undefined;
  fstype: string | undefined;
  opts: string | undefined;
  fstab: string;
  /** Whether it is to be unmounted. */
  leaves: boolean;
}

/**
 * The lines of one mount point, $E, as the kernel writes it, of those below it, and of the mount that $S lies on. What
 * another mount of the same parent hides, further up the path, is invisible, and so is what is on it.
 */
const PICK = String.raw`function seen(i, p) {
  for (p = at[i]; p != "/" && sub("/[^/]*$", "", p);) { if (p == "") p = "/"; if ((up[i], p) in has) return 0 }
  return up[i] in line && line[up[i]] != i ? seen(line[up[i]]) : 1
}
{ all[NR] = $0; at[NR] = $5; up[NR] = $2; line[$1] = NR; has[$2, $5] = 1 }
END { for (i = 1; i <= NR; i++) {
  if (at[i] == ENVIRON["E"] && seen(i)) print "mount=" all[i]
  if (index(at[i], ENVIRON["E"] "/") == 1 && seen(i)) print "below=" all[i]
  a = at[i] == "/" ? "/" : at[i] "/"
  if (length(a) >= most && index(ENVIRON["S"] "/", a) == 1 && seen(i)) { most = length(a); origin = all[i] }
}
if (ENVIRON["S"] != "") print "origin=" origin; print "mounts=" NR }`;

/** `_kernel PATH` puts the path into `_o` as the kernel writes it: blanks and backslashes as octal numbers. A last line shows that all came. */
const KERNEL_NAME = String.raw`_kernel() { _o=$(printf '%s\nend\n' "$1" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/	/\\011/g') || return
case $_o in *'
end') _o=${'${_o%?end}'} ;; *) echo 'sed printed only a part of a path' >&2; return 1 ;; esac; }`;

/** Processes of this mount namespace that have something open at or below $R: `ls -l` shows each link and where it leads. */
const USERS = String.raw`{ i = index($0, " -> "); if (!i) next; to = substr($0, i + 4); n = split(substr($0, 1, i - 1), w, " "); split(w[n], at, "/"); pid = at[3] }
w[n] ~ /\/ns\/mnt$/ { ns[pid] = to; next }
to == ENVIRON["R"] || index(to, ENVIRON["R"] "/") == 1 { uses[pid] = 1 }
END { for (pid in uses) if (ns[pid] == ENVIRON["NS"]) print pid }`;

/** Reads mounts, what the source refers to, what would keep it from being mounted or unmounted, and fstab. */
export function probeMount({ path, src, fstype, opts, fstab, leaves }: MountQuestion): Script {
  const bound = isBind(opts ?? '') ? src : undefined;
  return sh`${raw(WHOLE)}
${raw(KERNEL_NAME)}
p=${path}; _resolve "$p" || exit; r=$_o
_kernel "$r" || exit; e=$_o
b=; ${bound !== undefined && sh`_resolve ${bound} && _kernel "$_o" || exit; b=$_o`}
m=$(E=$e S=$b awk ${PICK} /proc/self/mountinfo) || exit
printf '@@mounts\n%s\n@@point\n' "$m"
${raw(POINT)}
x=$(printf '%s\n' "$m" | { y=; while IFS= read -r l; do case $l in mount=*) y=\${l#mount=};; esac; done; printf %s "$y"; })
${raw(FOUND)}
s=${src ?? ''}
${raw(SOURCE)}
${fstype !== undefined && /^[a-z]/i.test(fstype) && !['auto', 'none', 'swap'].includes(fstype) && sh`t=${fstype}\n${raw(TYPE)}`}
${opts !== undefined && raw(names(opts).map(asked).join('\n'))}
${
  leaves &&
  sh`if [ "$x" ]; then n=$(readlink /proc/self/ns/mnt)
for u in $(ls -l /proc/[0-9]*/ns/mnt /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd/* 2>/dev/null | R=$r NS=$n awk ${USERS}); do
echo "user=$u ($(cat "/proc/$u/comm" 2>/dev/null))"; done; fi`
}
echo @@fstab; ( ${probeFile(fstab, { follow: true, checksum: true, content: EDIT_LIMIT })} )`;
}

const POINT = `if [ -d "$p" ]; then echo point=directory; elif [ -f "$p" ]; then echo point=file; elif [ -e "$p" ]; then echo point=other
elif [ -h "$p" ]; then echo point=dangling; else echo point=absent; d=$p
while d=\${d%/*}; [ "$d" ] && [ ! -e "$d" ] && [ ! -h "$d" ]; do :; done; [ -d "$d/" ] || printf 'blocked=%s\\n' "$d"; fi`;

/** Of what is mounted: its source, of a loop device the file, and the attributes of its root. */
const FOUND = `if [ "$x" ]; then _whole stat -c 'root=%a %u %g' "$p"; case $?:$_o in 0:root=*|1:) echo "$_o";; *) echo "stat gave no answer for $p" >&2; exit 1;; esac
while read -r k v _; do case $k in MemTotal:) echo "memory=$v"; break;; esac; done </proc/meminfo; fi
f=\${x#* - * }; f=\${f%% *}
case $f in /dev/loop*) { IFS= read -r f <"/sys/block/\${f#/dev/}/loop/backing_file"; } 2>/dev/null || f=;; /*) _resolve "$f" || exit; f=$_o;; esac; printf 'found=%s\\n' "$f"`;

/** What the source is. Of a tag (UUID=...) findfs knows the device, or udev's links do. A device is compared by its number, too. */
const SOURCE = `case $s in UUID=*|LABEL=*|PARTUUID=*|PARTLABEL=*|ID=*) g=\${s#*=}; g=\${g#\\"}; g=\${g%\\"}
case $s in UUID=*) k=uuid;; LABEL=*) k=label;; PARTUUID=*) k=partuuid;; PARTLABEL=*) k=partlabel;; *) k=id;; esac
_whole findfs "\${s%%=*}=$g"; case $?:$_o in 0:/*) s=$_o;; 1:|2:|127:) s=/dev/disk/by-$k/$g;; *) echo "findfs gave no answer for $s" >&2; exit 1;; esac;; esac
case $s in /*) _resolve "$s" || exit; w=$_o; printf 'wanted=%s\\n' "$w"
if [ -b "$s" ]; then echo source=block
for h in "/sys/class/block/\${w##*/}/holders/"*; do [ ! -e "$h" ] || echo "holder=\${h##*/}"; done
[ ! -r /proc/swaps ] || while read -r d _; do [ "$d" != "$w" ] || echo holder=swap; done </proc/swaps
[ "$x" ] || ! command -v blkid >/dev/null || { _whole blkid -p -s TYPE -o value "$w"; [ $? -le 8 ] || { echo "blkid gave no answer for $w" >&2; exit 1; }; echo "format=$_o"; }
elif [ -d "$s" ]; then echo source=directory; elif [ -f "$s" ]; then echo source=file; elif [ -e "$s" ]; then echo source=other; else echo source=absent; fi
[ ! "$s" -ef "$p" ] || echo same=yes
# A device number in hexadecimal, and as mountinfo has it.
if [ -b "$s" ]; then _whole stat -L -c '%t %T' "$s" && case $_o in *' '*) ;; *) false;; esac || exit; set -- $x; [ "$(printf '%d:%d' "0x\${_o% *}" "0x\${_o#* }")" = "$3" ] && echo same=yes; fi;; esac`;

/** mount(8) calls a helper where there is one; otherwise the kernel must know the type, or load it. */
const TYPE = `k=\${t%%.*}
[ "$x" ] || grep -q "[[:space:]]$k\\$" /proc/filesystems || PATH=$PATH:/sbin:/usr/sbin command -v "mount.$t" >/dev/null || PATH=$PATH:/sbin:/usr/sbin command -v "mount.$k" >/dev/null ||
( PATH=$PATH:/sbin:/usr/sbin; modprobe -n -q "fs-$k" || modprobe -n -q "$k" ) 2>/dev/null || echo type=unknown`;

/** Users and groups that the options name instead of giving their numbers. */
function names(opts: string): [string, string][] {
  return [...valuesOf(words(opts))]
    .filter(([key, value]) => /(uid|gid)$/.test(key) && /^[a-z_][\w.-]*$/i.test(value))
    .map(([key, value]) => [key.slice(-3), value]);
}

function asked([kind, name]: [string, string]): string {
  // Neither knows the name: 1 of id, 2 of getent.
  if (kind === 'uid')
    return sh`_whole id -u ${name}; case $?:$_o in 0:?*) echo ${`id=uid:${name}=`}"$_o";; 1:) ;; *) echo ${`id gave no answer for ${name}`} >&2; exit 1;; esac`
      .text;
  return sh`_whole getent group ${name}; case $?:$_o in 0:*:*:*:*) n=\${_o#*:*:}; echo ${`id=gid:${name}=`}"\${n%%:*}";; 2:) ;; *) echo ${`getent gave no answer for ${name}`} >&2; exit 1;; esac`
    .text;
}

/** What {@link probeMount} printed. Throws a plain Error where it is not whole. */
export function parseMount({ rc, stdout, stderr }: ProbeResult): MountState {
  const [, listed, head, file] = /^@@mounts\n([\s\S]*?)\n@@point\n([\s\S]*?)^@@fstab\n([\s\S]*)$/m.exec(stdout) ?? [];
  if (listed === undefined || head === undefined || file === undefined || !/^mounts=\d+$/m.test(listed)) {
    throw new Error(`the mounts cannot be read: ${stderr || stdout}`);
  }
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(head)?.[1];
  const all = (text: string, key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, line = '']) => line);
  const [, mode, uid, gid] = /^(\d+) (\d+) (\d+)$/.exec(value('root') ?? '') ?? [];
  if (mode === undefined && value('root') !== undefined) throw new Error(`stat printed '${value('root')}'`);
  const [wanted, found, blocked, holder, format, source] = [
    'wanted',
    'found',
    'blocked',
    'holder',
    'format',
    'source',
  ].map(value);
  const memory = value('memory');
  const [origin] = all(listed, 'origin').filter(Boolean).map(parseMountinfo);
  return {
    mounts: all(listed, 'mount').map(parseMountinfo),
    below: [...new Set(all(listed, 'below').map((line) => parseMountinfo(line).path))],
    point: (value('point') ?? 'absent') as MountState['point'],
    same: value('same') === 'yes',
    ids: Object.fromEntries(
      all(head, 'id').map((line) => [
        line.slice(0, line.lastIndexOf('=')),
        Number(line.slice(line.lastIndexOf('=') + 1)),
      ]),
    ),
    users: all(head, 'user'),
    ...(mode !== undefined && { root: { mode, uid: Number(uid), gid: Number(gid) } }),
    ...(origin !== undefined && { origin }),
    ...(memory !== undefined && { memory: Number(memory) * 1024 }),
    ...(wanted && { wanted }),
    ...(found && { found: unescaped(found) }),
    ...(blocked && { blocked }),
    ...(holder && { holder }),
    ...(format && { format }),
    ...(source && { source: source as NonNullable<MountState['source']> }),
    ...(value('type') === 'unknown' && { unknownType: true as const }),
    fstab: parseFile({ rc, stdout: file, stderr }),
  };
}
