import ipaddr from 'ipaddr.js';
import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext } from '../../../model/module.ts';
import { ipJson } from './ip-json.ts';
import { sections } from '../../shared/sections.ts';

/** An address of an interface. */
export interface Address {
  /** With its prefix length. */
  address: string;
  scope: string;
  broadcast?: string;
  label?: string;
  /** The other end of a point-to-point address. */
  peer?: string;
  noprefixroute?: boolean;
  /** The kernel removes it together with the first address of its network, unless `promote_secondaries` is on. */
  secondary?: boolean;
  /** Another host of the network has it, so the kernel does not use it. */
  duplicate?: boolean;
}

/** The addresses of an interface; the resource is `addresses:NAME`. */
export interface Addresses {
  exists: boolean;
  /** What `ip` said instead of an answer. */
  trouble?: string;
  list: Address[];
  /** The kernel refuses IPv6 addresses on the interface. */
  v6off?: boolean;
}

interface IpAddress {
  local?: string;
  /** The other end, where it differs from `local`. */
  address?: string;
  prefixlen: number;
  scope: string;
  broadcast?: string;
  label?: string;
  noprefixroute?: boolean;
  secondary?: boolean;
  dadfailed?: boolean;
}

/** The kernel's switch for IPv6 of an interface, below /proc/sys. */
export const v6Switch = (dev: string) => `/proc/sys/net/ipv6/conf/${dev}/disable_ipv6`;

export function addressesProbe(dev: string): Script {
  return sh`ip -j address show dev ${dev} 2>&1
echo @@ip6; if [ ! -d /proc/sys/net/ipv6 ]; then echo 1; elif [ -r ${v6Switch(dev)} ]; then cat ${v6Switch(dev)} || exit; else echo -; fi`;
}

/** The addresses of an {@link addressesProbe}. */
export function parseAddresses(output: string): Addresses {
  const text = (output.split(/^@@ip6$/m)[0] ?? '').trim();
  if (/does not exist|Cannot find device/.test(text)) return { exists: false, list: [] };
  if (!text.startsWith('[')) return { exists: false, list: [], trouble: text || 'ip printed nothing' };
  const v6off = sections(output).get('ip6');
  if (v6off === '') throw new Error('the kernel did not say whether the interface takes IPv6 addresses');
  const link = ipJson<{ addr_info?: IpAddress[] }>(text).find((one) => one.addr_info);
  return {
    exists: true,
    list: (link?.addr_info ?? []).filter((one) => one.local).map(address),
    ...(v6off === '1' && { v6off: true }),
  };
}

function address({
  local,
  address: peer,
  prefixlen,
  scope,
  broadcast,
  label,
  noprefixroute,
  secondary,
  dadfailed,
}: IpAddress): Address {
  return {
    address: `${local}/${prefixlen}`,
    scope,
    ...(broadcast && { broadcast }),
    ...(label && { label }),
    ...(peer && peer !== local && { peer }),
    ...(noprefixroute && { noprefixroute }),
    ...(secondary && { secondary }),
    ...(dadfailed && { duplicate: true }),
  };
}

/** The network that the kernel counts an address to: that of its other end where it has one. */
export function networkOf({ address, peer }: Pick<Address, 'address' | 'peer'>): string {
  const [own = '', length = ''] = address.split('/');
  const family = own.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4;
  const cidr = `${peer ?? own}/${length}`;
  return `${family.networkAddressFromCIDR(cidr).toString()}/${length}`;
}

/** Whether an address lies in a network. */
export function within(address: string, network: string): boolean {
  const [one, two] = [ipaddr.parse(address), ipaddr.parseCIDR(network)];
  return one.kind() === two[0].kind() && one.match(two as never);
}

const PLANNED = 'addresses';

/** The plan of a check by which tasks that have only a router's address find the interface that an earlier task gives one. */
export function planAddresses(context: DecideContext, dev: string, list: readonly Address[]): Record<string, unknown> {
  return { [PLANNED]: { ...plannedAddresses(context), [dev]: list } };
}

/** The addresses that earlier tasks of a check give interfaces, by interface. */
export function plannedAddresses(context: DecideContext): Record<string, readonly Address[]> {
  return (context.planned(PLANNED) ?? {}) as Record<string, readonly Address[]>;
}
