import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { Link } from './link.ts';

/** What an interface that the kernel makes by software is made of. */
export interface VirtualLink {
  name: string;
  kind?: string | undefined;
  parent?: string | undefined;
  mode?: string | undefined;
  id?: number | undefined;
  remote?: string | undefined;
  local?: string | undefined;
  dst_port?: number | undefined;
  peer?: string | undefined;
}

/**
 * Prints `missing` where the kernel has no such kind of interface, and cannot load it. It is asked by making one in a
 * network namespace of its own, which is gone a moment later, and only where there is no module that this would load.
 */
export function kindProbe(name: string, kind: string): Script {
  const attempt = sh`unshare -n ip link add name xr0 type ${kind} ${['vlan', 'vxlan'].includes(kind) && ['id', 9]} 2>&1`;
  return sh`echo @@kind
[ -e ${`/sys/class/net/${name}`} ] || modprobe -n -q ${`rtnl-link-${kind}`} 2>/dev/null || [ -d ${`/sys/module/${kind}`} ] || { _a=$(${attempt}); case $?:$_a in *'Unknown device type'*|*'Operation not supported'*) echo missing ;; 12[56]:*|12[89]:*|1[3-9]?:*) echo "unshare gave no answer: $_a" >&2; exit 1 ;; esac; }`;
}

/** The command that makes it; undefined where no kind was given. */
export function creation(wanted: VirtualLink): Script | undefined {
  const { name, kind, parent, mode, id, remote, local, peer } = wanted;
  const on = kind === 'vxlan' ? parent && ['dev', parent] : undefined;
  const under = kind !== 'vxlan' && parent ? ['link', parent] : undefined;
  const words = [
    ...(mode ? ['mode', mode] : []),
    ...(id === undefined ? [] : ['id', id]),
    ...(remote ? ['remote', remote] : []),
    ...(local ? ['local', local] : []),
    ...(kind === 'vxlan' ? ['dstport', wanted.dst_port ?? 4789] : []),
    ...(peer ? ['peer', 'name', peer] : []),
  ];
  return kind ? sh`ip link add name ${name} ${under} type ${kind} ${words} ${on}` : undefined;
}

/** The first thing that can only be had by making the interface afresh. */
export function misfit(wanted: VirtualLink, found: Link): { what: string; before: string; after: string } | undefined {
  const { options } = found;
  const parent = wanted.kind === 'vxlan' ? options['link'] : found.parent;
  const pairs: [string, unknown, unknown][] = [
    ['kind', found.kind || 'physical', wanted.kind],
    ['parent', parent ?? '', wanted.parent],
    ['peer', found.parent, wanted.peer],
    ['mode', options['mode'] ?? '', wanted.mode],
    ['id', options['id'] ?? '', wanted.id],
    ['remote', options['remote'] ?? '', wanted.remote],
    ['local', options['local'] ?? '', wanted.local],
    ['dst_port', options['port'] ?? '', wanted.dst_port],
  ];
  const [what, before, after] = pairs.find(([, is, want]) => wanted.kind && want !== undefined && is !== want) ?? [];
  return what ? { what: `${wanted.name} ${what}`, before: String(before), after: String(after) } : undefined;
}
