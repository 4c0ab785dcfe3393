import { posix } from 'node:path';
import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { INTO } from '../../connection/files/way.ts';
import { setField } from './busybox.ts';
import { ageingDifferences } from './ageing.ts';
import type { AgeingWanted } from './ageing.ts';
import type { Difference } from './difference.ts';
import type { Accounts, User } from './account-state.ts';

export interface UserWanted extends AgeingWanted {
  name: string;
  uid?: number | undefined;
  group?: string | undefined;
  groups?: string[] | undefined;
  append: boolean;
  shell?: string | undefined;
  home?: string | undefined;
  move_home: boolean;
  non_unique: boolean;
  comment?: string | undefined;
  /** Days since 1970; below 0: never. */
  expires?: number | undefined;
}

/** All that differs; for a user who is not there yet, all that is wanted. */
export function differences(wanted: UserWanted, accounts: Accounts): Difference[] {
  const { user, tools } = accounts;
  const differing: Difference[] = [];
  const differ = (
    what: string,
    before: string | number | null | undefined,
    after: string | null,
    options: string[],
    ...scripts: Script[]
  ) => {
    differing.push({
      what: `user ${wanted.name} ${what}`,
      before: before === undefined || before === null ? null : String(before),
      after,
      options,
      scripts,
    });
  };
  const set = (index: number, value: string, file = '/etc/passwd') => setField(file, wanted.name, index, value);
  const { uid, group, shell, home, comment, expires } = wanted;
  if (uid !== undefined && uid !== user?.uid) {
    const unique = wanted.non_unique ? ['-o'] : [];
    differ(
      'uid',
      user?.uid,
      String(uid),
      [...unique, '-u', String(uid)],
      set(3, String(uid)),
      ...(user ? [handOver(user, uid)] : []),
    );
  }
  if (group !== undefined && (user === undefined || gidOf(group, accounts) !== user.gid)) {
    differ(
      'group',
      user && nameOf(user.gid, accounts),
      nameOf(gidOf(group, accounts), accounts) ?? group,
      ['-g', group],
      set(4, String(gidOf(group, accounts) ?? group)),
    );
  }
  if (comment !== undefined && comment !== user?.comment)
    differ('comment', user?.comment, comment, ['-c', comment], set(5, comment));
  if (home !== undefined && home !== user?.home) {
    const move = user && wanted.move_home;
    differ(
      'home',
      user?.home,
      home,
      ['-d', home, ...(move ? ['-m'] : [])],
      set(6, home),
      ...(move ? [moved(user.home, home)] : []),
    );
    if (move) (differing.at(-1) as Difference).moves = [user.home, home];
  }
  if (shell !== undefined && shell !== user?.shell) differ('shell', user?.shell, shell, ['-s', shell], set(7, shell));
  if (expires !== undefined && (expires < 0 ? user?.expires !== undefined : expires !== user?.expires)) {
    const day = expires < 0 ? '' : dayOf(expires);
    differ(
      'expires',
      user?.expires === undefined ? null : dayOf(user.expires),
      day || null,
      ['-e', day],
      set(8, expires < 0 ? '' : String(expires), '/etc/shadow'),
    );
  }
  const member = membership(wanted, accounts);
  if (member) {
    const { add, drop, found, all } = member;
    const scripts = [
      ...add.map((one) => sh`addgroup ${wanted.name} ${one}`),
      ...drop.map((one) => sh`delgroup ${wanted.name} ${one}`),
    ];
    differ(
      'groups',
      found.join(',') || (user ? '' : null),
      all.join(','),
      ['-G', all.join(',')],
      ...(tools === 'busybox' ? scripts : []),
    );
    // usermod knows only the host's own users; gpasswd writes any name.
    if (user?.foreign)
      Object.assign(differing.at(-1) as Difference, {
        options: [],
        behind: [
          ...add.map((one) => sh`gpasswd -a ${wanted.name} ${one}`),
          ...drop.map((one) => sh`gpasswd -d ${wanted.name} ${one}`),
        ],
      });
  }
  return [...differing, ...ageingDifferences(wanted, user)];
}

/** The supplementary groups to be in and out of; undefined where all is right. */
function membership({ name, group, groups, append }: UserWanted, accounts: Accounts) {
  if (groups === undefined) return undefined;
  const primary = group ?? (accounts.user && nameOf(accounts.user.gid, accounts));
  const found = Object.keys(accounts.groups)
    .filter((one) => accounts.groups[one]?.members.includes(name))
    .sort();
  const given = groups.map((one) => nameOf(gidOf(one, accounts), accounts) ?? one).filter((one) => one !== primary);
  const all = [...new Set(append ? [...found, ...given] : given)].sort();
  const add = all.filter((one) => !found.includes(one));
  const drop = found.filter((one) => !all.includes(one));
  return add.length + drop.length === 0 ? undefined : { add, drop, found, all };
}

/** What a user's home holds goes over to the new number, as usermod does it. */
function handOver({ uid, home }: User, to: number): Script {
  return sh`[ ! -d ${home} ] || (${raw(INTO)}
_into ${home} && find . -user ${uid} -exec chown -h ${to} {} +)`;
}

/** A name is moved, never what a link of that name leads to; links on the way are followed by the one rule. */
function moved(from: string, to: string): Script {
  return sh`[ ! -d ${from} ] || [ -e ${to} ] || (${raw(INTO)}
_way ${posix.dirname(from)} || { echo "$_why" >&2; exit 1; }
f="\${_W%/}/"${posix.basename(from)}; _into ${posix.dirname(to)} && mv "$f" ${`./${posix.basename(to)}`})`;
}

/** The number of a group that is given by name or number. */
export function gidOf(group: string, { groups }: Accounts): number | undefined {
  return groups[group]?.gid ?? (/^\d+$/.test(group) ? Number(group) : undefined);
}

/** The name of a group; its number where it has none. */
export function nameOf(gid: number | undefined, { groups }: Accounts): string | undefined {
  if (gid === undefined) return undefined;
  return Object.keys(groups).find((name) => groups[name]?.gid === gid) ?? String(gid);
}

const dayOf = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
