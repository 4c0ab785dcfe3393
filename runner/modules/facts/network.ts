import ipaddr from 'ipaddr.js';
import type { Sections } from './probe.ts';

export interface Address {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
  scope: string;
  broadcast?: string;
}

export interface Interface {
  mac: string | null;
  mtu: number;
  up: boolean;
  /** `ether`, `loopback`, or what the kernel calls the driver: `veth`, `bridge`, `vxlan`... */
  type: string;
  addresses: Address[];
  /** The bridge or bond it belongs to. */
  master?: string;
}

/** The way out of a host. */
export interface DefaultRoute {
  interface: string;
  gateway: string | null;
  address: string | null;
  prefix: number | null;
  /** The network that the address is in, as CIDR. */
  network: string | null;
}

export type NoRoute = Record<string, never>;

export interface Network {
  interfaces: Record<string, Interface>;
  /** Empty without a default route. */
  default_ipv4: DefaultRoute | NoRoute;
  default_ipv6: DefaultRoute | NoRoute;
  /** All addresses but the loopback's and link-local ones. */
  addresses: string[];
  network_manager: 'netplan' | 'NetworkManager' | 'networkd' | 'ifupdown' | 'none';
}

/** What `ip` says, and who brings the default interface up. */
export function networkOf(found: Sections): Network {
  const indexes = new Map<string, string>();
  const interfaces = linksOf(found.links ?? [], indexes);
  for (const line of found.addresses ?? []) addAddress(line, interfaces);
  const default_ipv4 = defaultRoute(found.routes ?? [], 'ipv4', interfaces);
  const all = Object.values(interfaces).flatMap((one) => one.addresses);
  return {
    interfaces,
    default_ipv4,
    default_ipv6: defaultRoute(found.routes6 ?? [], 'ipv6', interfaces),
    addresses: all.filter(({ scope }) => scope === 'global' || scope === 'site').map(({ address }) => address),
    network_manager: managerOf(found, default_ipv4.interface, indexes),
  };
}

function linksOf(lines: string[], indexes: Map<string, string>): Record<string, Interface> {
  const interfaces: Record<string, Interface> = {};
  for (const line of lines) {
    const [head = '', link = '', kind = ''] = line.split('\\').map((part) => part.trim());
    const [, index = '', name = '', flags = '', mtu] =
      /^(\d+): ([^:@]+)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(head) ?? [];
    if (!name) continue;
    const [, family = 'ether', mac] = /link\/(\S+) ([0-9a-f:]{17})/.exec(link) ?? [];
    const driver = /^[a-z]\w*/.exec(kind)?.[0];
    const master = / master (\S+)/.exec(head)?.[1];
    const type = driver && !driver.endsWith('_slave') && driver !== 'addrgenmode' ? driver : family;
    interfaces[name] = {
      mac: mac ?? null,
      mtu: Number(mtu),
      up: flags.split(',').includes('UP'),
      type,
      addresses: [],
      ...(master && { master }),
    };
    indexes.set(name, index);
  }
  return interfaces;
}

function addAddress(line: string, interfaces: Record<string, Interface>): void {
  const match = /^\d+: (\S+)\s+(inet6?) ([0-9a-f.:]+)(?: peer \S+?)?(?:\/(\d+))? .*?scope (\S+)/.exec(line);
  if (!match) return;
  const [, name = '', inet, address = '', prefix, scope = ''] = match;
  const family = inet === 'inet6' ? 'ipv6' : 'ipv4';
  const [, broadcast] = / brd ([0-9.]+)/.exec(line) ?? [];
  interfaces[name]?.addresses.push({
    address,
    prefix: Number(prefix ?? (family === 'ipv6' ? 128 : 32)),
    family,
    scope,
    ...(broadcast && { broadcast }),
  });
}

function defaultRoute(
  lines: string[],
  family: 'ipv4' | 'ipv6',
  interfaces: Record<string, Interface>,
): DefaultRoute | NoRoute {
  const metric = (line: string) => Number(/ metric (\d+)/.exec(line)?.[1] ?? 0);
  const best = lines
    .filter((line) => line.startsWith('default') && !line.includes('unreachable'))
    .sort((a, b) => metric(a) - metric(b))[0];
  const name = best && / dev (\S+)/.exec(best)?.[1];
  if (!best || !name) return {};
  const gateway = / via (?:inet6? )?(\S+)/.exec(best)?.[1] ?? null;
  const source = / src (\S+)/.exec(best)?.[1];
  const own = (interfaces[name]?.addresses ?? []).filter((one) => one.family === family && one.scope !== 'link');
  const used =
    own.find(({ address }) => address === source) ??
    own.find((one) => gateway !== null && covers(one, gateway)) ??
    own[0];
  return {
    interface: name,
    gateway,
    address: used?.address ?? null,
    prefix: used?.prefix ?? null,
    network: used ? networkAddress(used) : null,
  };
}

/** The network, as CIDR, that an address is in. */
export function networkAddress({ address, prefix, family }: Address): string {
  const cidr = `${address}/${prefix}`;
  return `${(family === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(cidr).toString()}/${prefix}`;
}

function covers(own: Address, other: string): boolean {
  const parsed = ipaddr.parse(other);
  const [network, prefix] = ipaddr.parseCIDR(`${own.address}/${own.prefix}`);
  return parsed.kind() === network.kind() && parsed.match(network, prefix);
}

/** The network system that says that the default interface is its own; netplan is behind networkd or NetworkManager. */
function managerOf(
  found: Sections,
  name: string | undefined,
  indexes: Map<string, string>,
): Network['network_manager'] {
  const index = name === undefined ? undefined : indexes.get(name);
  const claims = (section: string, words: string[]) => {
    return (found[section] ?? []).some((line) => {
      const [id, state] = line.split(' ');
      return (index === undefined || id === index) && words.includes(state ?? '');
    });
  };
  const runs = claims('nm', ['true'])
    ? 'NetworkManager'
    : claims('networkd', ['configured', 'configuring'])
      ? 'networkd'
      : undefined;
  if (runs) return (found.netplan ?? []).length > 0 ? 'netplan' : runs;
  const brought = (found.ifstate ?? []).map((line) => line.split('=')[0]).filter((one) => one !== 'lo');
  if (name === undefined ? brought.length > 0 : brought.includes(name)) return 'ifupdown';
  return (found.netplan ?? []).length > 0 ? 'netplan' : 'none';
}

/** Whether there is a way out. */
export function isRoute(route: DefaultRoute | NoRoute): route is DefaultRoute {
  return 'interface' in route;
}
