import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { bytesOf, textOf } from '../../model/host-text.ts';
import type { ProbeResult } from '../../model/module.ts';
import { takenAt, takenOf } from './taken.ts';

/**
 * What exists at a path of a host: the state that all modules which manage files share, so that one sees what another
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
  /** Why nothing can be placed here: its directory is missing, may not be entered by this user, or is below a file. */
  parent?: 'absent' | 'closed' | 'file';
  /** The topmost directory that is missing on the way, or the file that is in it. */
  missing?: string;
  /** Why the links on the way are not followed; nothing else is known then. */
  refused?: string;
  /** Names that a file has. */
  links?: number;
  /** A symbolic link that leads to a directory, where it was not followed. */
  leads?: 'directory';
  /** Letters of chattr that keep a file from being replaced: `i`, `a`. */
  flags?: string;
}

/** Beyond this a text is too long to be shown as a diff, or edited by line. Bytes. */
export const DIFF_LIMIT = 64 * 1024;
export const EDIT_LIMIT = 1024 * 1024;

/** The name by which tasks of one run know a file. */
export function fileResource(path: string): string {
  return `file:${path}`;
}

/** What probeFile (probe.ts) printed. Throws for output it cannot understand, and for content that did not arrive as it is. */
export function parseFile(probe: ProbeResult): FileState {
  return parsed(probe, (bytes) => (isText(bytes) ? bytes.toString() : undefined));
}

/** The same, with content of any bytes: those that are not UTF-8 are lone surrogates, and `bytesOf` gives them back. */
export function parseAnyFile(probe: ProbeResult): FileState {
  return parsed(probe, textOf);
}

function parsed({ stdout, stderr }: ProbeResult, read: (bytes: Buffer) => string | undefined): FileState {
  const at = takenAt(stdout);
  const said = spoken(at < 0 ? stdout : stdout.slice(0, at));
  const type = TYPES.find((one) => one === said.type);
  if (!type) throw new Error(`the state of the file cannot be read: ${stderr || stdout}`);
  const state: FileState = { type, ...(type !== 'absent' && said.refused === undefined && attributesOf(said)) };
  if (said.parent) state.parent = said.parent as NonNullable<FileState['parent']>;
  if (said.leads === 'directory') state.leads = said.leads;
  const flags = said.flags?.replace(/[^ia]/g, '');
  if (flags) state.flags = flags;
  for (const key of ['target', 'real', 'inside', 'missing', 'refused'] as const) if (said[key]) state[key] = said[key];
  for (const key of ['sha256', 'digest'] as const)
    if (said[key] !== undefined && said[key] !== 'content') state[key] = digestOf(key, said[key]);
  if (
    type === 'link' &&
    state.size &&
    state.target !== undefined &&
    bytesOf(state.target).length !== state.size &&
    !said.proc
  )
    throw new Error('the target of the link did not arrive completely');
  if (at < 0) {
    if (said.sha256 === 'content') throw new Error('the content of the file did not arrive');
    return state;
  }
  const bytes = takenOf(stdout.slice(at));
  if (said.sha256 === 'content') state.sha256 = sha256(bytes);
  const content = read(bytes);
  if (content !== undefined) state.content = content;
  return state;
}

const TYPES = ['absent', 'file', 'directory', 'link', 'other'] as const;

/** What `_say` of probe.ts printed: the lines `KEY=TEXT`, and `KEY:LENGTH` with the text in hex up to a line with a dot. */
export function spoken(head: string): Record<string, string> {
  const said: Record<string, string> = {};
  const lines = head.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, key = '', mark, rest = ''] = /^([a-z0-9]+)(=|:(?=\d+$))(.*)$/.exec(lines[i] as string) ?? [];
    if (mark === '=') said[key] = key === 'mode' || key === 'rights' ? `${key}=${rest}` : rest;
    if (mark !== ':') continue;
    const end = lines.indexOf('.', i);
    const bytes = Buffer.from(
      lines
        .slice(i + 1, Math.max(i, end))
        .join('')
        .replaceAll(' ', ''),
      'hex',
    );
    if (end < 0 || bytes.length !== Number(rest)) throw new Error(`the text '${key}' did not arrive completely`);
    said[key] = textOf(bytes);
    i = end;
  }
  return said;
}

/** The line of `stat`, or what its place takes where a host has only `ls`. */
function attributesOf({ mode: byStat, rights: byList }: Record<string, string>): Partial<FileState> {
  const stat = /^mode=(\d+) uid=(\d+) gid=(\d+) size=(\d+) mtime=(\d+)(?: links=(\d+))? owner=(.*) group=(.*)$/.exec(
    byStat ?? '',
  );
  const list = /^rights=.([-rwxsStT]{9})\S? uid=(\d+) gid=(\d+) size=(\d+),? owner=(.*) group=(.*)$/.exec(byList ?? '');
  if (stat) {
    const [, mode = '', uid, gid, size, mtime, links, owner = '', group = ''] = stat;
    return {
      mode: mode.padStart(4, '0'),
      owner,
      group,
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      mtime: Number(mtime),
      ...(links !== undefined && { links: Number(links) }),
    };
  }
  if (!list)
    throw new Error(`the attributes of the file cannot be read: ${byStat ?? byList ?? 'stat printed nothing'}`);
  const [, rights = '', uid, gid, size, owner = '', group = ''] = list;
  return { mode: modeOfRights(rights), owner, group, uid: Number(uid), gid: Number(gid), size: Number(size) };
}

/** `rwsr-x--T` as four octal digits. */
function modeOfRights(rights: string): string {
  const bits = [...rights].reduce((sum, letter, i) => sum | (/[rwxst]/.test(letter) ? 1 << (8 - i) : 0), 0);
  const special = [2, 5, 8].reduce((sum, at, i) => sum | (/[stST]/.test(rights[at] as string) ? 4 >> i : 0), 0);
  return (bits | (special << 9)).toString(8).padStart(4, '0');
}

function digestOf(key: string, text: string): string {
  if (/^[0-9a-f]{32,128}$/.test(text) && (key !== 'sha256' || text.length === 64)) return text;
  throw new Error(`the checksum of the file cannot be read: '${text}'`);
}

/** UTF-8 without NULs: something people can read in a diff. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** Hex SHA-256. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Something in a directory; what a link leads to has its real path, everything else one that begins with a dot. */
export type TreeEntry = FileState & { name: string };

/** A path, and what it is to be linked to. */
export interface LinkState extends FileState {
  source?: 'absent' | 'same' | 'other';
  /** What is in a directory, where it was asked for. */
  tree?: TreeEntry[];
  /** An empty directory. */
  empty?: boolean;
  /** What `src` is, where that was asked for. */
  linked?: FileState;
}
