import { argv, sh, withStdin } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { Difference } from './user-attributes.ts';
import type { Accounts } from './state.ts';

export interface Creation {
  name: string;
  uid?: number | undefined;
  group?: string | undefined;
  home?: string | undefined;
  shell?: string | undefined;
  comment?: string | undefined;
  system: boolean;
  create_home: boolean;
  skeleton?: string | undefined;
}

/** Makes a user who has all that differs from nobody. */
export function createUser(args: Creation, differing: Difference[], { tools, groups }: Accounts): Script[] {
  const { name, skeleton } = args;
  // A group that bears the user's name becomes theirs; both tools would refuse to make it again.
  const own = args.group ?? (groups[name] ? name : undefined);
  const skel = args.create_home && skeleton !== undefined ? ['-k', skeleton] : [];
  if (tools === 'shadow') {
    const options = differing.flatMap((one) => one.options);
    const group = own !== undefined && args.group === undefined ? ['-g', own] : [];
    return [argv('useradd', ...(args.system ? ['-r'] : []), args.create_home ? '-m' : '-M', ...group, ...skel, ...options, name)];
  }
  const group = own ?? name;
  const given = ([flag, value]: [string, string | number | undefined]) => (value === undefined ? [] : [flag, value]);
  const options = ([['-u', args.uid], ['-h', args.home], ['-s', args.shell], ['-g', args.comment]] as [string, string | number | undefined][]).flatMap(given);
  const rest = differing.filter(({ what }) => /(expires|groups)$/.test(what)).flatMap((one) => one.scripts);
  return [
    ...(args.system && own === undefined ? [sh`addgroup -S ${name}`] : []),
    argv('adduser', '-D', ...(args.system ? ['-S'] : []), ...(args.create_home ? [] : ['-H']), ...(args.system || own !== undefined ? ['-G', group] : []), ...skel, ...options, name),
    ...rest,
  ];
}

/** Mends what differs. */
export function changeUser(name: string, differing: Difference[], { tools }: Accounts): Script[] {
  if (differing.length === 0) return [];
  if (tools === 'shadow') return [argv('usermod', ...differing.flatMap((one) => one.options), name)];
  return differing.flatMap((one) => one.scripts);
}

/** The hash comes by stdin: other users of the host can read a command's arguments. */
export function setPassword(name: string, field: string): Script {
  return withStdin(sh`chpasswd -e`, `${name}:${field}\n`);
}

/** The home of a user who is there already. */
export function makeHome(name: string, home: string, skeleton = '/etc/skel'): Script {
  return sh`mkdir -p ${home} && { [ ! -d ${skeleton} ] || cp -R ${`${skeleton}/.`} ${home}; } && chown -R "$(id -u ${name}):$(id -g ${name})" ${home}`;
}

/** Removes a user; `remove` with home and mail. */
export function removeUser(name: string, { remove, force }: { remove: boolean; force: boolean }, { tools }: Accounts): Script {
  if (tools === 'busybox') return argv('deluser', remove && '--remove-home', name);
  return argv('userdel', force && '-f', remove && '-r', name);
}
