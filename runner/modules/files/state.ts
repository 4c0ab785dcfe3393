import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { isUtf8 } from 'node:buffer';
import type { ProbeResult } from '../module.ts';
import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';

/**
 * What stands at a path of a host: the state that all modules which manage files share, so that one sees what another
 * has planned. The resource's name is `file:PATH`.
 */
export interface FileState {
  type: 'absent' | 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits. */
  mode?: string;
  owner?: string;
  group?: string;
  uid?: number;
  gid?: number;
  /** Bytes. */
  size?: number;
  /** Seconds since 1970. */
  mtime?: number;
  /** Hex; absent for a file that may not be read. */
  sha256?: string;
  /** Hex, by the algorithm that the probe was asked to use besides. */
  digest?: string;
  /** Text of a file that is UTF-8 and not too long for what was asked. */
  content?: string;
  /** What a symbolic link holds. */
  target?: string;
  /** The real path, where a link was followed. */
  real?: string;
  /** The file that was looked at inside of the directory that the task named. */
  inside?: string;
  /** Why nothing can be placed here: its directory is missing, or may not be entered by this user. */
  parent?: 'absent' | 'closed';
}

export interface FileProbe {
  /** Look at what a symbolic link points to, instead of the link. */
  follow?: boolean;
  /** If the path is a directory, look at the file of this name in it instead. */
  into?: string;
  checksum?: boolean;
  /** One more checksum: of `sha512` and the like, as `sha512sum` makes it. */
  digest?: string | undefined;
  /** Give the text of files up to this many bytes... */
  content?: number;
  /** ...unless the file has this checksum already (hex). */
  unless?: string;
}

/** Beyond this a text is too long to be shown as a diff, or edited by line. Bytes. */
export const DIFF_LIMIT = 64 * 1024;
export const EDIT_LIMIT = 1024 * 1024;

/** The name by which tasks of one run know a file. */
export function fileResource(path: string): string {
  return `file:${path}`;
}

/** Reads the state of `path`; {@link parseFile} understands what it prints. */
export function probeFile(path: string, { follow, into, checksum, digest, content, unless }: FileProbe = {}): Script {
  const real = follow ? ` f=$(readlink -f "$f" || echo "$f"); printf 'real=%s\\n' "$f";` : '';
  const inside = into && sh`if [ -d "$f" ]; then d=$f; f=$f/${into}; printf 'inside=%s\\n' "$f"; fi`;
  return sh`f=${path}; d=${posix.dirname(path)}
${inside}
if [ ! -d "$d" ]; then echo parent=absent; elif [ ! -x "$d" ]; then echo parent=closed; fi
if [ -h "$f" ]; then printf 'target=%s\\n' "$(readlink "$f")";${raw(real)} fi
if [ -h "$f" ]; then echo type=link; elif [ -f "$f" ]; then echo type=file; elif [ -d "$f" ]; then echo type=directory
elif [ -e "$f" ]; then echo type=other; else echo type=absent; exit 0; fi
s=$(stat -c 'mode=%a uid=%u gid=%g size=%s mtime=%Y owner=%U group=%G' "$f") || exit; echo "$s"${raw(readText(checksum, digest, content, unless))}`;
}

/** What {@link probeFile} printed. Throws for output it cannot understand. */
export function parseFile({ stdout, stderr }: ProbeResult): FileState {
  const [head = '', encoded] = stdout.split(/^content:\n/m);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(head)?.[1];
  const type = value('type') as FileState['type'] | undefined;
  if (!type) throw new Error(`the state of the file cannot be read: ${stderr || stdout}`);
  const state: FileState = { type };
  const parent = value('parent');
  if (parent) state.parent = parent as 'absent' | 'closed';
  for (const key of ['target', 'real', 'inside', 'sha256', 'digest'] as const) {
    const found = value(key);
    if (found) state[key] = found;
  }
  const stat = /^mode=(\d+) uid=(\d+) gid=(\d+) size=(\d+) mtime=(\d+) owner=(.*) group=(.*)$/m.exec(head);
  if (stat) {
    const [, mode = '', uid, gid, size, mtime, owner, group] = stat;
    Object.assign(state, { mode: mode.padStart(4, '0'), owner, group, uid: Number(uid), gid: Number(gid) });
    Object.assign(state, { size: Number(size), mtime: Number(mtime) });
  }
  if (encoded !== undefined) {
    const bytes = Buffer.from(encoded, 'base64');
    if (isText(bytes)) state.content = bytes.toString();
  }
  return state;
}

/** UTF-8 without NULs: something people can read in a diff. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** Hex SHA-256. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function readText(checksum?: boolean, digest?: string, content?: number, unless?: string): string {
  if (!checksum && content === undefined) return '';
  let text = `\n[ -f "$f" ] && [ -r "$f" ] || exit 0`;
  if (checksum) text += `\nh=$(sha256sum <"$f") || exit; h=\${h%% *}; echo "sha256=$h"`;
  if (digest) text += `\nd=$(${digest}sum <"$f") || exit; echo "digest=\${d%% *}"`;
  if (content === undefined) return text;
  if (unless) text += `\n[ "$h" != ${unless} ] || exit 0`;
  return `${text}\nz=\${s#* size=}; [ "\${z%% *}" -le ${content} ] || exit 0\necho content:; base64 <"$f"`;
}
