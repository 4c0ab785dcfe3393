import { json, said } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import type { HostView, LinkView, RouteView } from './view.ts';

/** What `ip -d -j link` prints; only what is used here. */
export interface IpLink {
  ifname: string;
  flags: string[];
  mtu: number;
  address?: string;
  master?: string;
  xdp?: { mode: number };
  linkinfo?: {
    info_kind?: string;
    info_data?: { id?: number; port?: number };
    info_slave_data?: { state?: string };
  };
}
interface IpAddress {
  ifname: string;
  addr_info?: { family: string; local: string; prefixlen: number }[];
}
interface IpRoute {
  dst: string;
  dev?: string;
  gateway?: string;
  type?: string;
  protocol?: string;
  table?: string;
}
interface IpNeighbour {
  dst: string;
  dev: string;
  lladdr?: string;
  state: string[];
}

/** The host's interfaces, with what `tc` says of them. */
export function linksOf(out: Outputs): LinkView[] {
  return json<IpLink>(out, 'links').map(({ ifname, flags, mtu, address, xdp, linkinfo }) => ({
    name: ifname,
    kind: linkinfo?.info_kind ?? '',
    up: flags.includes('UP'),
    mtu,
    mac: address ?? '',
    ...(linkinfo?.info_kind === 'vxlan' && { vni: linkinfo.info_data?.id ?? 0, port: linkinfo.info_data?.port ?? 0 }),
    filters: [
      ...(xdp ? ['an XDP program'] : []),
      ...(said(out, `filters:${ifname}`) ? ['a filter of tc on what comes in'] : []),
      ...(said(out, `egress:${ifname}`) ? ['a filter of tc on what goes out'] : []),
      ...shapersOf(out, ifname),
    ],
  }));
}

/** Disciplines that lose or slow down packets, as `tc qdisc show` prints them. */
function shapersOf(out: Outputs, link: string): string[] {
  const lines = (said(out, 'qdiscs') ?? '').split('\n').filter((line) => line.includes(` dev ${link} `));
  return lines.flatMap((line) => /\b(?:netem|tbf)\b.*/.exec(line)?.[0] ?? []);
}

/** `ip -j address`, from the part of that title. */
export function addressesOf(out: Outputs, title: string): HostView['addresses'] {
  return json<IpAddress>(out, title).flatMap(({ ifname, addr_info }) =>
    (addr_info ?? []).map(({ local, prefixlen }) => ({ dev: ifname, address: `${local}/${prefixlen}` })),
  );
}

/** `ip -j route show table all` without the routes of the host's own addresses. */
export function routesOf(out: Outputs, title: string): RouteView[] {
  return json<IpRoute>(out, title)
    .filter(({ table }) => table !== 'local')
    .map(({ dst, dev = '', gateway, type = 'unicast', protocol = '' }) => ({
      to: dst === 'default' || dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`,
      dev,
      ...(gateway && { via: gateway }),
      type,
      protocol,
    }));
}

/** `ip -j neighbour`. */
export function neighboursOf(out: Outputs, title: string): HostView['neighbours'] {
  return json<IpNeighbour>(out, title).map(({ dst, dev, lladdr = '', state }) => ({
    address: dst,
    dev,
    mac: lladdr,
    state: state.join(' ').toLowerCase(),
  }));
}

/** Names of interfaces that are off. */
export function downOf(links: readonly IpLink[]): string[] {
  return links.filter(({ flags }) => !flags.includes('UP')).map(({ ifname }) => ifname);
}
