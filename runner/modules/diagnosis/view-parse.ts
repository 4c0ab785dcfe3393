import { dockerOf, networkOf, nodesOf } from './docker-parse.ts';
import { json, outputsOf, said } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import { chainsOfIptables, dropsOfIptables, dropsOfNft } from './rules.ts';
import type { ContainerView, HostView, LinkView, NetworkView, OverlayView, RouteView } from './view.ts';

/** What `ip` and `bridge` print in JSON; only what is used here. */
interface IpLink {
  ifname: string;
  flags: string[];
  mtu: number;
  address?: string;
  xdp?: { mode: number };
  linkinfo?: { info_kind?: string; info_data?: { id?: number; port?: number } };
}
interface IpAddress {
  ifname: string;
  addr_info: { family: string; local: string; prefixlen: number }[];
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
interface Forwarding {
  mac: string;
  dst?: string;
}

/**
 * The view of a host from what probeView printed. A command that failed leaves its part empty: a diagnosis says what it sees, and is of
 * use where half of a host is broken.
 *
 * @param address by which others send to the host, where that is known better than by Docker's swarm
 */
export function viewOf(stdout: string, address: string | undefined): HostView {
  const out = outputsOf(stdout);
  const links = linksOf(out);
  const docker = dockerOf(out);
  const network = networkOf(out);
  const addresses = addressesOf(out);
  const overlay = overlayOf(out);
  const routes = routesOf(out);
  const firewalled = said(out, 'iptables');
  return {
    address: address ?? (docker.swarm.address || ownAddress(routes, addresses)),
    clock: Number(said(out, 'clock') ?? 0),
    machineId: said(out, 'machine') ?? '',
    hostname: said(out, 'name') ?? '',
    links,
    addresses,
    routes,
    neighbours: neighboursOf(out),
    settings: settingsOf(out),
    drops: [...dropsOfIptables(firewalled ?? ''), ...dropsOfNft(said(out, 'nft') ?? '', firewalled !== undefined)],
    ...(firewalled !== undefined && { chains: chainsOfIptables(firewalled) }),
    firewalls: firewallsOf(out),
    docker: { ...docker, ...nodesOf(out) },
    ...(network && { network: withVni(network, out) }),
    ...(overlay && { overlay }),
    containers: containersOf(out),
    lacks: out.get('esp')?.rc === 0 ? [] : ['esp'],
  };
}

function linksOf(out: Outputs): LinkView[] {
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
      ...shapersOf(out, ifname),
    ],
  }));
}

/** Disciplines that lose or slow down packets, as `tc qdisc show` prints them. */
function shapersOf(out: Outputs, link: string): string[] {
  const lines = (said(out, 'qdiscs') ?? '').split('\n').filter((line) => line.includes(` dev ${link} `));
  return lines.flatMap((line) => /\b(?:netem|tbf)\b.*/.exec(line)?.[0] ?? []);
}

function addressesOf(out: Outputs): HostView['addresses'] {
  return json<IpAddress>(out, 'addresses').flatMap(({ ifname, addr_info }) =>
    (addr_info ?? []).map(({ local, prefixlen }) => ({ dev: ifname, address: `${local}/${prefixlen}` })),
  );
}

function routesOf(out: Outputs): RouteView[] {
  return json<IpRoute>(out, 'routes')
    .filter(({ table }) => table !== 'local')
    .map(({ dst, dev = '', gateway, type = 'unicast', protocol = '' }) => ({
      to: dst === 'default' || dst.includes('/') ? dst : `${dst}/32`,
      dev,
      ...(gateway && { via: gateway }),
      type,
      protocol,
    }));
}

function neighboursOf(out: Outputs): HostView['neighbours'] {
  return json<IpNeighbour>(out, 'neighbours').map(({ dst, dev, lladdr = '', state }) => ({
    address: dst,
    dev,
    mac: lladdr,
    state: state.join(' ').toLowerCase(),
  }));
}

function settingsOf(out: Outputs): Record<string, string> {
  return Object.fromEntries(
    [...out]
      .filter(([title]) => title.startsWith('setting:'))
      .map(([title, { text }]) => [title.slice(8).replaceAll('/', '.'), text.trim()]),
  );
}

function firewallsOf(out: Outputs): HostView['firewalls'] {
  const ufw = said(out, 'ufw');
  const firewalld = said(out, 'firewalld');
  return [
    ...(ufw && /^Status: active/m.test(ufw) ? [{ name: 'ufw' as const, opened: ufw }] : []),
    ...(firewalld ? [{ name: 'firewalld' as const, opened: firewalld }] : []),
  ];
}

function overlayOf(out: Outputs): OverlayView | undefined {
  if (!out.has('overlay-forwarding')) return undefined;
  return {
    forwarding: json<Forwarding>(out, 'overlay-forwarding').flatMap(({ mac, dst }) => (dst ? [{ mac, at: dst }] : [])),
    neighbours: json<IpNeighbour>(out, 'overlay-neighbours').map(({ dst, lladdr = '' }) => ({
      address: dst,
      mac: lladdr,
    })),
    down: downOf(json<IpLink>(out, 'overlay-links')),
  };
}

function withVni(network: NetworkView, out: Outputs): NetworkView {
  const vxlan = json<IpLink>(out, 'overlay-links').find(({ linkinfo }) => linkinfo?.info_kind === 'vxlan');
  return vxlan ? { ...network, vni: vxlan.linkinfo?.info_data?.id ?? 0, mtu: vxlan.mtu } : network;
}

function containersOf(out: Outputs): ContainerView[] {
  interface Inspected {
    Containers?: Record<string, { Name: string; IPv4Address: string; MacAddress: string }>;
  }
  const members = json<Inspected>(out, 'network')[0]?.Containers ?? {};
  return Object.entries(members).map(([id, { Name, IPv4Address, MacAddress }]) => ({
    name: Name,
    address: IPv4Address.replace(/\/.*/, ''),
    mac: MacAddress,
    drops: dropsOfIptables(said(out, `container-rules:${id}`) ?? ''),
    down: downOf(json<IpLink>(out, `container-links:${id}`)),
  }));
}

function downOf(links: readonly IpLink[]): string[] {
  return links.filter(({ flags }) => !flags.includes('UP')).map(({ ifname }) => ifname);
}

/** The address of the interface of the default route. */
function ownAddress(routes: readonly RouteView[], addresses: HostView['addresses']): string {
  const dev = routes.find(({ to }) => to === 'default')?.dev;
  const own = addresses.find((one) => one.dev === dev && one.address.includes('.'))?.address ?? '';
  return own.replace(/\/.*/, '');
}
