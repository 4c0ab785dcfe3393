import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import { sections } from '../net/sections.ts';

/** What a host changes its users and groups with: useradd and its like, busybox's adduser, or nothing. */
export type Tools = 'shadow' | 'busybox' | 'none';

/** A group, as /etc/group has it. */
export interface Group {
  gid: number;
  members: string[];
}

/** A user, as /etc/passwd and /etc/shadow have it. */
export interface User {
  uid: number;
  gid: number;
  comment: string;
  home: string;
  shell: string;
  /** The hash, behind a `!` where the password is locked; absent where this user may not read it. */
  password?: string;
  /** Days since 1970 after which nobody can log in; absent where there is no such day. */
  expires?: number;
}

/** What a host's files say of accounts. */
export interface Accounts {
  tools: Tools;
  /** Absent: there is no such user. */
  user?: User;
  groups: Record<string, Group>;
  /** Whether the directory that was asked for is there. */
  home?: boolean;
}

/** Reads a user (where named), all groups, and whether the user's home, `home` or the one on file, exists. */
export function probeAccounts(user?: string, home?: string): Script {
  const line = user === undefined ? undefined : `^${user.replace(/[.$]/g, '\\$&')}:`;
  return sh`if command -v useradd >/dev/null 2>&1; then echo tools=shadow
elif command -v adduser >/dev/null 2>&1; then echo tools=busybox; else echo tools=none; fi
echo @@groups; cat /etc/group
${line && sh`u=$(grep ${line} /etc/passwd) && { echo @@user; echo "$u"; }
if [ -r /etc/shadow ]; then echo @@shadow; grep ${line} /etc/shadow; fi
h=${home ?? ''}; [ -n "$h" ] || { h=$(echo "$u" | cut -d: -f6); }
if [ -d "$h" ]; then echo @@home; echo yes; fi`}
true`;
}

/** What {@link probeAccounts} printed. */
export function parseAccounts({ stdout, stderr }: ProbeResult): Accounts {
  const tools = /^tools=(\w+)$/m.exec(stdout)?.[1] as Tools | undefined;
  if (!tools) throw new Error(`the accounts cannot be read: ${stderr || stdout}`);
  const found = sections(stdout);
  const accounts: Accounts = { tools, groups: Object.fromEntries((found.get('groups') ?? '').split('\n').flatMap(group)) };
  const line = found.get('user');
  if (line) accounts.user = user(line, found.get('shadow'));
  if (found.has('home')) accounts.home = true;
  return accounts;
}

function group(line: string): [string, Group][] {
  const [name, , gid, members = ''] = line.split(':');
  return name && gid ? [[name, { gid: Number(gid), members: members.split(',').filter(Boolean) }]] : [];
}

function user(line: string, shadow: string | undefined): User {
  const [, , uid, gid, comment = '', home = '', shell = ''] = line.split(':');
  const user: User = { uid: Number(uid), gid: Number(gid), comment, home, shell };
  if (shadow === undefined) return user;
  const fields = shadow.split(':');
  user.password = fields[1] ?? '';
  if (fields[7]) user.expires = Number(fields[7]);
  return user;
}
