import { dropsOfIptables } from '../rules/iptables.ts';
import { dropsOfNft } from '../rules/nft.ts';
import type { RuleView } from '../rules/rule.ts';
import { addressesOf, downOf, neighboursOf, routesOf } from './ip.ts';
import type { IpLink } from './ip.ts';
import { json, said } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import type { ContainerView, OverlayView } from './view.ts';

/** What `bridge -j fdb show` prints; only what is used here. */
interface Forwarding {
  mac: string;
  dst?: string;
}

/** Docker's name server in every container of a network that a user has made: https://docs.docker.com/engine/network/#dns-services */
const NAME_SERVER = '127.0.0.11';

/** The overlay network's own namespace. */
export function overlayOf(out: Outputs): OverlayView | undefined {
  if (!out.has('overlay-forwarding')) return undefined;
  const links = json<IpLink>(out, 'overlay-links');
  const down = downOf(links);
  return {
    forwarding: json<Forwarding>(out, 'overlay-forwarding').flatMap(({ mac, dst }) => (dst ? [{ mac, at: dst }] : [])),
    neighbours: neighboursOf(out, 'overlay-neighbours').map(({ address, mac }) => ({ address, mac })),
    down,
    loose: links.filter(({ ifname }) => !down.includes(ifname)).flatMap(looseOf),
    drops: dropsIn(out, 'overlay-rules', 'overlay-nft'),
  };
}

/** A port of the network's bridge that takes no part in it. */
function looseOf({ ifname, master, linkinfo }: IpLink): string[] {
  if (linkinfo?.info_kind !== 'veth' && linkinfo?.info_kind !== 'vxlan') return [];
  if (!master) return [`${ifname} (in no bridge)`];
  const state = linkinfo.info_slave_data?.state ?? 'forwarding';
  return state === 'forwarding' ? [] : [`${ifname} (${state})`];
}

function dropsIn(out: Outputs, iptables: string, nft: string): RuleView[] {
  const listed = said(out, iptables);
  return [...dropsOfIptables(listed ?? ''), ...dropsOfNft(said(out, nft) ?? '', listed !== undefined)];
}

/** The containers of the network that are on this host. */
export function containersOf(
  out: Outputs,
  network: { Containers?: Record<string, Member> } | undefined,
): ContainerView[] {
  const pids = new Map((said(out, 'running') ?? '').split('\n').map((line) => line.split(' ') as [string, string]));
  return Object.entries(network?.Containers ?? {}).map(([id, { Name, IPv4Address, MacAddress }]) => ({
    name: Name,
    pid: Number(pids.get(id) ?? 0),
    address: IPv4Address.replace(/\/.*/, ''),
    mac: MacAddress,
    drops: dropsIn(out, `container-rules:${id}`, `container-nft:${id}`),
    down: downOf(json<IpLink>(out, `container-links:${id}`)),
    addresses: addressesOf(out, `container-addresses:${id}`).map(({ address }) => address.replace(/\/.*/, '')),
    routes: routesOf(out, `container-routes:${id}`),
    neighbours: neighboursOf(out, `container-neighbours:${id}`),
    nameless: nameless(out, id),
  }));
}

/** A member of a network in `docker network inspect`. */
export interface Member {
  Name: string;
  IPv4Address: string;
  MacAddress: string;
}

/** Docker sends what is for its name server by rules of nat to a port of its own: without one of them nothing is there. */
function nameless(out: Outputs, id: string): boolean {
  const servers = said(out, `container-names:${id}`);
  const rules = [said(out, `container-rules:${id}`), said(out, `container-nft:${id}`)];
  return (
    servers !== undefined &&
    new RegExp(`^nameserver ${NAME_SERVER}$`, 'm').test(servers) &&
    rules.every((text) => text !== undefined && !text.includes(NAME_SERVER))
  );
}
