import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { parseFeatures } from './features.ts';
import { ipJson } from '../addresses/ip-json.ts';
import { NO_LINK, linksProbe, parseLinks } from './link.ts';
import type { Link } from './link.ts';
import { askOvs } from './ovsdb.ts';
import { sections } from '../../shared/sections.ts';

/** An interface inside another network namespace: one end of a veth pair, or a macvlan of an interface of the host. */
export interface NamespaceLink {
  /** The namespace, as a process id or a name for `ip`; empty where it cannot be entered. */
  where: string;
  /** What Docker said instead of a process id. */
  trouble?: string;
  /** The host end of a pair. */
  host: Link;
  /** The interface that a macvlan is to stand on. */
  parent: Link;
  /** The Open vSwitch bridge that has the host end. */
  ovsBridge: string;
  /** What kind of bridge the wanted one is; not there for none. */
  bridge?: 'linux' | 'ovs';
  inside: Inside;
  /** Router of the default route inside. */
  gateway: string;
}

interface Inside {
  exists: boolean;
  /** `veth`, `macvlan` ...; empty for a physical one. */
  kind: string;
  /** Of a macvlan. */
  mode: string;
  /** Number, on the host, of the interface that it is based on or joined to. */
  onto: number;
  up: boolean;
  mtu: number;
  mac: string;
  addresses: string[];
  features: Record<string, string>;
}

export const NOTHING_INSIDE: Inside = {
  exists: false,
  kind: '',
  mode: '',
  onto: 0,
  up: false,
  mtu: 0,
  mac: '',
  addresses: [],
  features: {},
};

/** What a task names on the host. */
interface Named {
  container?: string | undefined;
  netns?: string | undefined;
  bridge?: string | undefined;
  parent?: string | undefined;
}

/** Runs a command inside: `nsenter` for a process, `ip netns exec` for a name. */
export function enter(where: string): Script {
  return /^\d+$/.test(where) ? sh`nsenter -t ${where} -n --` : sh`ip netns exec ${where}`;
}

/** Prints what {@link parseNamespaceLink} reads. Inside, the host's own tools are used: images often have none. */
export function namespaceProbe({ container, netns, bridge, parent }: Named, host: string, name: string): Script {
  const find = container
    ? sh`w=$(docker inspect --type container -f '{{if .State.Running}}{{.State.Pid}}{{end}}' ${container} 2>&1)
case $w in ''|*[!0-9]*) echo "@@trouble"; echo "$w"; w= ;; esac
in="nsenter -t $w -n --"`
    : sh`w=${netns}; [ -e ${`/run/netns/${netns}`} ] || w=; in="ip netns exec $w"`;
  return sh`${find}
echo @@where; echo "$w"
if [ -n "$w" ]; then
echo @@inside; $in ip -j -d address show dev ${name} 2>&1
echo @@features; ! command -v ethtool >/dev/null || { f=$($in ethtool -k ${name} 2>&1) && printf '%s\\n' "$f" || case $f in *'o such device'*|*'not supported'*) ;; *) echo "ethtool: $f" >&2; exit 1 ;; esac; }
echo @@routes; $in ip -j route show default dev ${name} 2>&1
fi
if command -v ovs-vsctl >/dev/null; then
echo @@ovs; ${askOvs(sh`iface-to-br ${host}`, 'no interface named', 'database connection failed')}
echo @@isovs; ovs-vsctl --timeout=10 br-exists ${bridge ?? '-'} 2>/dev/null ; case $? in 0) echo yes;; 1|2|142) ;; *) exit 1;; esac
fi
${linksProbe([host, bridge, parent].filter((one) => one !== undefined))}`;
}

interface IpAddress {
  flags?: string[];
  mtu: number;
  address: string;
  link_index?: number;
  linkinfo?: { info_kind?: string; info_data?: { mode?: string } };
  addr_info?: { local?: string; prefixlen: number; scope: string }[];
}

/** The state that a {@link namespaceProbe} printed. */
export function parseNamespaceLink(output: string, host: string, { bridge, parent }: Named): NamespaceLink {
  const found = sections(output);
  const links = parseLinks(output);
  const trouble = found.get('trouble');
  const routes = answerOf<{ gateway?: string }>(found.get('routes'));
  const kind = found.get('isovs') === 'yes' ? 'ovs' : bridge && links[bridge]?.kind === 'bridge' ? 'linux' : undefined;
  return {
    where: found.get('where') ?? '',
    ...(trouble && { trouble }),
    host: links[host] ?? NO_LINK,
    parent: (parent !== undefined && links[parent]) || NO_LINK,
    ovsBridge: found.get('ovs') ?? '',
    ...(kind && { bridge: kind }),
    inside: { ...inside(found.get('inside')), features: parseFeatures(found.get('features') ?? '').features ?? {} },
    gateway: routes[0]?.gateway ?? '',
  };
}

/** What `ip` answers inside; nothing for an interface that is not there. Throws a plain Error for anything else. */
function answerOf<T>(text: string | undefined): T[] {
  if (text !== undefined && /does not exist|Cannot find device/.test(text)) return [];
  return ipJson<T>(text ?? '[]');
}

function inside(text: string | undefined): Inside {
  const link = answerOf<IpAddress>(text).find((one) => one.flags);
  if (!link) return NOTHING_INSIDE;
  const addresses = (link.addr_info ?? [])
    .filter((one) => one.scope === 'global')
    .map((one) => `${one.local}/${one.prefixlen}`);
  const { flags, mtu, address: mac, link_index: onto = 0, linkinfo } = link;
  return {
    exists: true,
    kind: linkinfo?.info_kind ?? '',
    mode: linkinfo?.info_data?.mode ?? '',
    onto,
    up: flags?.includes('UP') ?? false,
    mtu,
    mac,
    addresses,
    features: {},
  };
}
