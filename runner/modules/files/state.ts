import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { ProbeResult } from '../module.ts';

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

/** Beyond this a text is too long to be shown as a diff, or edited by line. Bytes. */
export const DIFF_LIMIT = 64 * 1024;
export const EDIT_LIMIT = 1024 * 1024;

/** The name by which tasks of one run know a file. */
export function fileResource(path: string): string {
  return `file:${path}`;
}

/** What probeFile (probe.ts) printed. Throws for output it cannot understand. */
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
