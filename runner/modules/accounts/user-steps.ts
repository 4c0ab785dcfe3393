import { argv, raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { INTO, onWay } from '../../connection/files/way.ts';
import type { Difference } from './difference.ts';
import type { Accounts } from './account-state.ts';

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
  umask?: string | undefined;
}

/** Makes a user with every attribute that is given. */
export function createUser(args: Creation, differing: Difference[], { tools, groups }: Accounts): Script[] {
  const { name, skeleton } = args;
  // A group that bears the user's name becomes theirs; both tools would refuse to make it again.
  const own = args.group ?? (groups[name] ? name : undefined);
  const skel = args.create_home && skeleton !== undefined ? ['-k', skeleton] : [];
  if (tools === 'shadow') {
    const options = differing.flatMap((one) => one.options);
    const group = own !== undefined && args.group === undefined ? ['-g', own] : [];
    return [
      guarded(
        args,
        UTC(
          'useradd',
          ...(args.system ? ['-r'] : []),
          args.create_home ? '-m' : '-M',
          ...group,
          ...skel,
          ...options,
          name,
        ),
      ),
      ...differing.flatMap((one) => one.behind ?? []),
      ...closed(args),
    ];
  }
  const group = own ?? name;
  const given = ([flag, value]: [string, string | number | undefined]) => (value === undefined ? [] : [flag, value]);
  const options = (
    [
      ['-u', args.uid],
      ['-h', args.home],
      ['-s', args.shell],
      ['-g', args.comment],
    ] as [string, string | number | undefined][]
  ).flatMap(given);
  const rest = differing.filter(({ what }) => /(expires|groups)$/.test(what)).flatMap((one) => one.scripts);
  return [
    ...(args.system && own === undefined ? [sh`addgroup -S ${name}`] : []),
    guarded(
      args,
      argv(
        'adduser',
        '-D',
        ...(args.system ? ['-S'] : []),
        ...(args.create_home ? [] : ['-H']),
        ...(args.system || own !== undefined ? ['-G', group] : []),
        ...skel,
        ...options,
        name,
      ),
    ),
    ...rest,
    ...closed(args),
  ];
}

/** A date is a day of UTC, as /etc/shadow counts it: shadow's tools would read it in the time zone of the host. */
const UTC = (...words: (string | number)[]) => sh`TZ=UTC0 ${argv(...words)}`;

/** A new home gets the mode that the task's umask leaves, whatever the host's defaults say. */
function closed({ name, create_home, umask }: Creation): Script[] {
  if (umask === undefined || !create_home) return [];
  return [
    sh`(${raw(INTO)}
h=$(U=${name} awk -F: '$1 == ENVIRON["U"] { print $6; exit }' /etc/passwd) && _into "$h" && chmod ${modeFor(umask)} .)`,
  ];
}

function guarded({ home, create_home }: Creation, script: Script): Script {
  return home !== undefined && create_home ? onWay([home], script) : script;
}

const modeFor = (umask: string) => (0o777 & ~Number.parseInt(umask, 8)).toString(8).padStart(4, '0');

/** Corrects what differs. */
export function changeUser(name: string, differing: Difference[], { tools }: Accounts): Script[] {
  if (differing.length === 0) return [];
  if (tools === 'shadow') {
    const options = differing.flatMap((one) => one.options);
    const moves = differing.flatMap((one) => one.moves ?? []);
    const usermod = UTC('usermod', ...options, name);
    return [
      ...(options.length > 0 ? [moves.length > 0 ? onWay(moves, usermod) : usermod] : []),
      ...differing.flatMap((one) => one.behind ?? []),
    ];
  }
  return differing.flatMap((one) => one.scripts);
}

/** The hash comes by stdin: other users of the host can read a command's arguments. */
export function setPassword(name: string, field: string): Script {
  return withStdin(sh`chpasswd -e`, `${name}:${field}\n`);
}

/**
 * The home of a user who is there already, with the mode that a new one would get: login.defs(5). It is root's until it is
 * filled: no other user can put a link into it that root would write through.
 */
export function makeHome(
  name: string,
  home: string,
  { skeleton = '/etc/skel', umask }: { skeleton?: string | undefined; umask?: string | undefined },
): Script {
  const mode = umask === undefined ? HOME_MODE : sh`m=${modeFor(umask)}`;
  return sh`(${raw(INTO)}
umask 022
_way ${home} || { echo "$_why" >&2; exit 1; }
h=$_W; _make "\${h%/*}" '' '' && mkdir "./\${h##*/}" && cd -P "./\${h##*/}" && _here "$h" || exit
{ [ ! -d ${skeleton} ] || cp -RP ${`${skeleton}/.`} .; } && chown -hR "$(id -u ${name}):$(id -g ${name})" . && { ${mode}; chmod "$m" .; })`;
}

const HOME_MODE =
  raw(`m=$(awk '$1 == "HOME_MODE" { m = $2 } $1 == "UMASK" { u = $2 } END { if (m) print m; else print u }' /etc/login.defs 2>/dev/null)
case $m in 0?[0-7][0-7]|[0-7][0-7][0-7][0-7]|7[0-7][0-7]) ;; *) m=$(printf %o $((0777 & ~0\${m:-022})));; esac`);

/** Removes a user; `remove` with home and mail. */
export function removeUser(
  name: string,
  { remove, force }: { remove: boolean; force: boolean },
  { tools }: Accounts,
): Script {
  if (tools === 'busybox') return argv('deluser', remove && '--remove-home', name);
  return argv('userdel', force && '-f', remove && '-r', name);
}
