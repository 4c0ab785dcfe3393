import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { parseFeatures } from './features.ts';
import { NO_LINK, linksProbe, parseLinks } from './link.ts';
import type { Link } from './link.ts';
import { sections } from './sections.ts';

/** A veth pair with one end inside another network namespace. */
export interface NamespaceLink {
  /** The namespace, as a process id or a name for `ip`; empty where it cannot be entered. */
  where: string;
  /** What Docker said instead of a process id. */
  trouble?: string;
  /** The host end. */
  host: Link;
  /** The Open vSwitch bridge that has the host end. */
  ovsBridge: string;
  /** What kind of bridge the wanted one is; not there for none. */
  bridge?: 'linux' | 'ovs';
  inside: { exists: boolean; up: boolean; mtu: number; mac: string; addresses: string[]; features: Record<string, string> };
  /** Router of the default route inside. */
  gateway: string;
}

/** Runs a command inside: `nsenter` for a process, `ip netns exec` for a name. */
export function enter(where: string): Script {
  return /^\d+$/.test(where) ? sh`nsenter -t ${where} -n --` : sh`ip netns exec ${where}`;
}

/** Prints what {@link parseNamespaceLink} reads. Inside, the host's own tools are used: images often have none. */
export function namespaceProbe(target: { container?: string | undefined; netns?: string | undefined }, host: string, name: string, bridge: string | undefined): Script {
  const find = target.container
    ? sh`w=$(docker inspect --type container -f '{{if .State.Running}}{{.State.Pid}}{{end}}' ${target.container} 2>&1)
case $w in ''|*[!0-9]*) echo "@@trouble"; echo "$w"; w= ;; esac
in="nsenter -t $w -n --"`
    : sh`w=${target.netns}; [ -e ${`/run/netns/${target.netns}`} ] || w=; in="ip netns exec $w"`;
  return sh`${find}
echo @@where; echo "$w"
if [ -n "$w" ]; then
echo @@inside; $in ip -j -d address show dev ${name} 2>/dev/null
echo @@features; $in ethtool -k ${name} 2>/dev/null
echo @@routes; $in ip -j route show default dev ${name} 2>/dev/null
fi
echo @@ovs; command -v ovs-vsctl >/dev/null && ovs-vsctl --timeout=10 iface-to-br ${host} 2>/dev/null
echo @@isovs; command -v ovs-vsctl >/dev/null && ovs-vsctl --timeout=10 br-exists ${bridge ?? '-'} 2>/dev/null && echo yes
${linksProbe([host, ...(bridge ? [bridge] : [])])}`;
}

interface IpAddress {
  flags?: string[];
  mtu: number;
  address: string;
  addr_info?: { local?: string; prefixlen: number; scope: string }[];
}

/** The state that a {@link namespaceProbe} printed. */
export function parseNamespaceLink(output: string, host: string, bridge: string | undefined): NamespaceLink {
  const found = sections(output);
  const links = parseLinks(output);
  const trouble = found.get('trouble');
  const routes = JSON.parse(found.get('routes') || '[]') as { gateway?: string }[];
  const kind = found.get('isovs') === 'yes' ? 'ovs' : bridge && links[bridge]?.kind === 'bridge' ? 'linux' : undefined;
  return {
    where: found.get('where') ?? '',
    ...(trouble && { trouble }),
    host: links[host] ?? NO_LINK,
    ovsBridge: found.get('ovs') ?? '',
    ...(kind && { bridge: kind }),
    inside: { ...inside(found.get('inside')), features: parseFeatures(found.get('features') ?? '').features ?? {} },
    gateway: routes[0]?.gateway ?? '',
  };
}

function inside(text: string | undefined): Omit<NamespaceLink['inside'], 'features'> {
  const link = (JSON.parse(text || '[]') as IpAddress[]).find((one) => one.flags);
  if (!link) return { exists: false, up: false, mtu: 0, mac: '', addresses: [] };
  const addresses = (link.addr_info ?? []).filter((one) => one.scope === 'global').map((one) => `${one.local}/${one.prefixlen}`);
  return { exists: true, up: link.flags?.includes('UP') ?? false, mtu: link.mtu, mac: link.address, addresses };
}
