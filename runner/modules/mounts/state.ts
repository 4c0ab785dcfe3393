import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { probeFile } from '../files/probe.ts';
import { EDIT_LIMIT, parseFile } from '../files/state.ts';
import type { FileState } from '../files/state.ts';
import type { ProbeResult } from '../module.ts';
import { unescaped } from './fstab.ts';

/** What is mounted at a place, from a line of /proc/self/mountinfo: see proc(5). */
export interface Mounted {
  source: string;
  fstype: string;
  /** Options of this mount. */
  options: string[];
  /** Options of the file system, whose other mounts have them too. */
  fileSystem: string[];
}

/** A mount point, and the file that says what is mounted at boot. */
export interface MountState {
  /** One upon the other; the last is the one that is seen. */
  mounts: Mounted[];
  /** Whether the mount point is a directory. */
  directory: boolean;
  /** The device, directory or file that the task's source stands for, links followed. */
  wanted?: string;
  /** The same of what is mounted; of a loop device its file. */
  found?: string;
  /** Whether mount point and source are one directory (bind). */
  same: boolean;
  fstab: FileState;
}

const TAGS = [['UUID', 'by-uuid'], ['LABEL', 'by-label'], ['PARTUUID', 'by-partuuid'], ['PARTLABEL', 'by-partlabel'], ['ID', 'by-id']];

/** Reads mounts, what the source stands for, and fstab. */
export function probeMount(path: string, src: string | undefined, fstab: string): Script {
  const tags = TAGS.map(([tag, directory]) => `${tag}=*) s=/dev/disk/${directory}/$(echo "\${s#*=}" | tr -d '"');;`).join(' ');
  return sh`p=${path}; r=$(readlink -f "$p" 2>/dev/null || echo "$p")
m=$(R=$r awk '{ p = $5; gsub(/\\\\040/, " ", p); if (p == ENVIRON["R"]) print }' /proc/self/mountinfo)
[ -z "$m" ] || printf '%s\\n' "$m" | sed 's/^/mount=/'
[ -d "$p" ] && echo directory=yes
f=$(printf '%s\\n' "$m" | sed -n '$s/.* - [^ ]* \\([^ ]*\\) .*/\\1/p')
case $f in /dev/loop*) f=$(cat "/sys/block/\${f#/dev/}/loop/backing_file" 2>/dev/null);; /*) f=$(readlink -f "$f");; esac; echo "found=$f"
s=${src ?? ''}; case $s in ${{ text: tags }} esac
case $s in /*) echo "wanted=$(readlink -f "$s" || echo "$s")"
[ "$(stat -L -c %d:%i "$s" 2>/dev/null)" = "$(stat -L -c %d:%i "$p" 2>/dev/null)" ] && echo same=yes;; esac
echo @@fstab; ( ${probeFile(fstab, { follow: true, checksum: true, content: EDIT_LIMIT })} )`;
}

/** What {@link probeMount} printed. */
export function parseMount({ rc, stdout, stderr }: ProbeResult): MountState {
  const [head = '', file = ''] = stdout.split(/^@@fstab\n/m);
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(head)?.[1];
  const mounts = [...head.matchAll(/^mount=(.*)$/gm)].map(([, line = '']) => parseLine(line));
  const [wanted, found] = [value('wanted'), value('found')];
  return {
    mounts,
    directory: value('directory') === 'yes',
    same: value('same') === 'yes',
    ...(wanted && { wanted }),
    ...(found && { found: unescaped(found) }),
    fstab: parseFile({ rc, stdout: file, stderr }),
  };
}

function parseLine(line: string): Mounted {
  const [mount = '', fileSystem = ''] = line.split(' - ');
  const [fstype = '', source = '', superOptions = ''] = fileSystem.split(' ');
  return { source: unescaped(source), fstype, options: (mount.split(' ')[5] ?? '').split(','), fileSystem: superOptions.split(',') };
}
