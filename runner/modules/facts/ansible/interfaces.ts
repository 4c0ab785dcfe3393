import ipaddr from 'ipaddr.js';
import type { Facts } from '../host.ts';
import { isRoute } from '../network.ts';
import type { Address, DefaultRoute, Interface, Network, NoRoute } from '../network.ts';

/** What the kernel's kinds of interfaces are called; all others look like Ethernet. */
const TYPES: Record<string, string> = {
  loopback: 'loopback',
  bridge: 'bridge',
  bond: 'bonding',
  tun: 'unknown',
  ppp: 'ppp',
};

/** Interfaces and addresses as Ansible names them: `interfaces` is a list, and each interface has a fact of its own. */
export function networkNames({ interfaces, default_ipv4, default_ipv6 }: Network): Facts {
  const all = Object.values(interfaces).flatMap((one) => one.addresses);
  const outside = (family: string) =>
    all.filter((one) => one.family === family && !isLoopback(one.address)).map((one) => one.address);
  const facts: Facts = {
    interfaces: Object.keys(interfaces),
    all_ipv4_addresses: outside('ipv4'),
    all_ipv6_addresses: outside('ipv6'),
    default_ipv4: defaultRoute(default_ipv4, interfaces, 'ipv4'),
    default_ipv6: defaultRoute(default_ipv6, interfaces, 'ipv6'),
  };
  for (const [name, one] of Object.entries(interfaces))
    facts[name.replace(/[^A-Za-z0-9]/g, '_')] ??= byInterface(name, one);
  return facts;
}

function defaultRoute(route: DefaultRoute | NoRoute, interfaces: Record<string, Interface>, family: string): Facts {
  if (!isRoute(route)) return {};
  const { mac, mtu, type, addresses } = interfaces[route.interface] as Interface;
  const used = addresses.find((one) => one.family === family && one.address === route.address);
  return {
    interface: route.interface,
    gateway: route.gateway,
    macaddress: mac,
    mtu,
    type: TYPES[type] ?? 'ether',
    ...(used && (family === 'ipv4' ? { ...ipv4(used), alias: route.interface } : ipv6(used))),
  };
}

function byInterface(device: string, { mac, mtu, up, type, addresses }: Interface): Facts {
  const [first, ...more] = addresses.filter((one) => one.family === 'ipv4');
  const v6 = addresses.filter((one) => one.family === 'ipv6').map(ipv6);
  return {
    device,
    ...(mac !== null && type !== 'loopback' && { macaddress: mac }),
    mtu,
    active: up,
    type: TYPES[type] ?? 'ether',
    promisc: false,
    ...(first && { ipv4: ipv4(first) }),
    ...(more.length > 0 && { ipv4_secondaries: more.map(ipv4) }),
    ...(v6.length > 0 && { ipv6: v6 }),
  };
}

function ipv4({ address, prefix, broadcast = '' }: Address): Facts {
  return {
    address,
    broadcast,
    netmask: ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString(),
    network: ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`).toString(),
    prefix: String(prefix),
  };
}

function ipv6({ address, prefix, scope }: Address): Facts {
  return { address, prefix: String(prefix), scope };
}

function isLoopback(address: string): boolean {
  return ipaddr.parse(address).range() === 'loopback';
}
