import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { WHOLE } from '../shared/whole.ts';
import type { ProbeResult } from '../../model/module.ts';
import { sections } from '../shared/sections.ts';

/** What a host changes its users and groups with: useradd and its like, busybox's adduser, or nothing. */
export type Tools = 'shadow' | 'busybox' | 'none';

/** A group, as /etc/group has it. */
export interface Group {
  gid: number;
  members: string[];
  /** It is in no file of this host: a directory service has it. */
  foreign?: true;
}

/** Days after which a password changes state, as shadow(5) has them; absent where there is no limit. */
export interface Ageing {
  min?: number;
  max?: number;
  warn?: number;
  inactive?: number;
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
  /** Days since 1970 after which the user cannot log in; absent without such a day. */
  expires?: number;
  ageing?: Ageing;
  /** The user is in no file of this host: a directory service has it. */
  foreign?: true;
}

/** What a host's files say of accounts. */
export interface Accounts {
  tools: Tools;
  /** Absent: the user does not exist. */
  user?: User;
  groups: Record<string, Group>;
  /** Whether the directory that was asked for is there. */
  home?: boolean;
  /** Another user who has the number that was asked for. */
  taken?: string;
  /** Users whose primary group it is. */
  primaryOf?: string[];
  /** What useradd gives a new user. */
  defaults?: { home: string; shell: string };
  /** Processes of a user who is to go. */
  processes?: string[];
}

export interface AccountsQuestion {
  user?: string | undefined;
  home?: string | undefined;
  /** A number that no other user may have. */
  uid?: number | undefined;
  /** Groups that a directory service may have, unless the host has them. */
  groups?: readonly string[] | undefined;
  /** Ask only the host's own files. */
  local: boolean;
  /** The user is to go. */
  leaves?: boolean;
  /** Whose primary group is this one? */
  primary?: string | undefined;
}

/** A file whole or not at all: the last line says how many there were. */
const GROUPS = raw(String.raw`awk '{ print } END { print "@@lines\n" NR }' /etc/group || exit`);
const PASSWD = String.raw`$1 == ENVIRON["U"] && !seen { seen = 1; print "@@user\n" $0 } $3 == ENVIRON["N"] && $1 != ENVIRON["U"] { print "@@taken\n" $1 } END { print "@@passwd\n" NR }`;

/** Processes of the user whose line is in `$u`, by the real user, as userdel counts them. No program is asked, of which there would be one a process. */
const PROCESSES = `i=\${u#*@@user?}; i=\${i#*:*:}; i=\${i%%:*}
case $u in *@@user*) for p in /proc/[0-9]*; do while read -r k v x; do case $k in Name:) n=$v;;
Uid:) [ "$v" != "$i" ] || printf '@@process:%s\\n%s\\n' "\${p#/proc/}" "$n"; break;; esac; done <"$p/status"; done 2>/dev/null;; esac`;

/** Reads a user (where named), all groups, and whether the user's home, `home` or the one on file, exists. */
export function probeAccounts({ user, home, uid, groups = [], local, leaves, primary }: AccountsQuestion): Script {
  return sh`${raw(WHOLE)}
if command -v useradd >/dev/null 2>&1; then echo tools=shadow
elif a=$(command -v adduser) && b=$(command -v busybox) && [ "$a" -ef "$b" ]; then echo tools=busybox; else echo tools=none; fi
echo @@groups; ${GROUPS}
${!local && groups.length > 0 && directoryGroups(groups)}
${
  primary !== undefined &&
  sh`g=$(G=${primary} awk -F: '$1 == ENVIRON["G"] { print $3; exit }' /etc/group) || exit
[ -z "$g" ] || { echo @@primary; G=$g awk -F: '$4 == ENVIRON["G"] { print $1 }' /etc/passwd || exit; }`
}
${
  user !== undefined &&
  sh`u=$(U=${user} N=${uid ?? ''} awk -F: ${PASSWD} /etc/passwd) || exit; printf '%s\n' "$u"
case $u in *@@passwd*) ;; *) echo '/etc/passwd was not read to its end' >&2; exit 1;; esac
${!local && directoryUser(user)}
case $u in *@@user*) ;; *) ! command -v useradd >/dev/null || { echo @@defaults; useradd -D || exit; };; esac
if [ -r /etc/shadow ]; then echo @@shadow; U=${user} awk -F: '$1 == ENVIRON["U"] { print; exit }' /etc/shadow || exit; fi
h=${home ?? ''}; [ "$h" ] || case $u in *@@user*) h=\${u#*@@user}; h=\${h#*:*:*:*:*:}; h=\${h%%:*};; esac
if [ "$h" ] && [ -d "$h" ]; then echo @@home; echo yes; fi
${leaves && raw(PROCESSES)}`
}
true`;
}

/** getent answers 0 for what is found and 2 for what is not; anything else is a failure. */
function directoryUser(user: string): Script {
  return sh`case $u in *@@user*) ;; *) if command -v getent >/dev/null; then _whole getent passwd ${user}; r=$?
case $r:$_o in 0:*:*:*:*:*:*:*) echo @@foreign; printf '%s\n' "$_o"; u=@@user:$_o;; 2:) ;; *) echo ${`getent passwd ${user} gave no answer: exit status `}$r >&2; exit 1;; esac; fi;; esac`;
}

function directoryGroups(groups: readonly string[]): Script {
  return sh`if command -v getent >/dev/null; then for n in ${groups}; do
! N=$n awk -F: '$1 == ENVIRON["N"] || $3 == ENVIRON["N"] { found = 1 } END { exit !found }' /etc/group || continue
_whole getent group "$n"; r=$?
case $r:$_o in 0:*:*:*:*) echo "@@group:$n"; printf '%s\n' "$_o";; 2:) ;; *) echo "getent group $n gave no answer: exit status $r" >&2; exit 1;; esac; done; fi`;
}

/** What {@link probeAccounts} printed. Throws a plain Error where it is not whole. */
export function parseAccounts({ rc, stdout, stderr }: ProbeResult): Accounts {
  const tools = /^tools=(\w+)$/m.exec(stdout)?.[1] as Tools | undefined;
  const found = sections(stdout);
  const lines = (found.get('groups') ?? '').split('\n');
  if (
    rc !== 0 ||
    !tools ||
    Number(found.get('lines')) < lines.filter(Boolean).length ||
    found.get('lines') === undefined
  )
    throw new Error(`the accounts cannot be read: ${stderr || stdout}`);
  const foreign = [...found]
    .filter(([title]) => title.startsWith('group:'))
    .flatMap(([, line]) => group(line).map(([name, one]) => [name, { ...one, foreign: true as const }] as const));
  const accounts: Accounts = { tools, groups: Object.fromEntries([...lines.flatMap(group), ...foreign]) };
  const [own, other, taken, primary] = ['user', 'foreign', 'taken', 'primary'].map((title) => found.get(title));
  if (own) accounts.user = userOf(own, found.get('shadow'));
  else if (other) accounts.user = { ...userOf(other, undefined), foreign: true };
  if (taken) accounts.taken = taken;
  if (primary) accounts.primaryOf = primary.split('\n');
  const defaults = found.get('defaults');
  if (defaults !== undefined) {
    // SKEL comes after all that is read here.
    const [, home, shell] = /^HOME=(.*)\n(?:.*\n)*SHELL=(.*)\n(?:.*\n)*SKEL=/m.exec(defaults) ?? [];
    if (home === undefined || shell === undefined)
      throw new Error(`useradd -D printed only a part of its defaults: ${defaults}`);
    accounts.defaults = { home, shell };
  }
  if (found.has('home')) accounts.home = true;
  const processes = [...found]
    .filter(([title]) => title.startsWith('process:'))
    .map(([title, name]) => `${title.slice('process:'.length)}${name ? ` (${name})` : ''}`);
  if (processes.length > 0) accounts.processes = processes;
  return accounts;
}

function group(line: string): [string, Group][] {
  const [name, , gid, members = ''] = line.split(':');
  return name && gid ? [[name, { gid: Number(gid), members: members.split(',').filter(Boolean) }]] : [];
}

/** A home without a slash at its end, which usermod drops and useradd does not. */
export function withoutSlash(home: string): string {
  return home.replace(/(?<=.)\/+$/, '');
}

function userOf(line: string, shadow: string | undefined): User {
  const [, , uid, gid, comment = '', home = '', shell] = line.split(':');
  if (shell === undefined) throw new Error(`unexpected line in /etc/passwd: ${line}`);
  const user: User = { uid: Number(uid), gid: Number(gid), comment, home: withoutSlash(home), shell };
  if (shadow === undefined) return user;
  const fields = shadow.split(':');
  const days = (field: number) => (fields[field] && Number(fields[field]) >= 0 ? Number(fields[field]) : undefined);
  const ageing = { min: days(3), max: days(4), warn: days(5), inactive: days(6) };
  user.password = fields[1] ?? '';
  user.ageing = Object.fromEntries(Object.entries(ageing).filter(([, value]) => value !== undefined));
  const expires = days(7);
  if (expires !== undefined) user.expires = expires;
  return user;
}
