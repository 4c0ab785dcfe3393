import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';

/** An address of an interface. */
export interface Address {
  /** With its prefix length. */
  address: string;
  scope: string;
  broadcast?: string;
  label?: string;
}

/** The addresses of an interface; the resource is `addresses:NAME`. */
export interface Addresses {
  exists: boolean;
  /** What `ip` said instead of an answer. */
  trouble?: string;
  list: Address[];
}

interface IpAddress {
  local?: string;
  prefixlen: number;
  scope: string;
  broadcast?: string;
  label?: string;
}

export function addressesProbe(dev: string): Script {
  return sh`ip -j address show dev ${dev} 2>&1; true`;
}

/** The addresses of an {@link addressesProbe}. */
export function parseAddresses(output: string): Addresses {
  const text = output.trim();
  if (/does not exist|Cannot find device/.test(text)) return { exists: false, list: [] };
  if (!text.startsWith('[')) return { exists: false, list: [], trouble: text || 'ip printed nothing' };
  const link = (JSON.parse(text) as { addr_info?: IpAddress[] }[]).find((one) => one.addr_info);
  return { exists: true, list: (link?.addr_info ?? []).filter((one) => one.local).map(address) };
}

function address({ local, prefixlen, scope, broadcast, label }: IpAddress): Address {
  return { address: `${local}/${prefixlen}`, scope, ...(broadcast && { broadcast }), ...(label && { label }) };
}
