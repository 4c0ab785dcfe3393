import ipaddr from 'ipaddr.js';
import type { HelperGroup, Reach } from '../helper.ts';
import { helper } from '../table.ts';
import { networks } from './networks.ts';

const nowhere: Reach = {
  env: {},
  readFile: () => '',
  findFiles: () => [],
  renderFile: () => '',
  keepFile: () => '',
  fetchText: () => '',
};

const by = new Map(networks.helpers.map((one) => [one.name, one]));

/** The queries of ansible.utils.ipaddr that playbooks use, by the helpers for networks. */
const QUERIES: Record<string, (value: string) => unknown> = {
  '': (value) => value,
  address: (value) => ask('cidrAddress', value),
  ip: (value) => ask('cidrAddress', value),
  network: (value) => ask('cidrAddress', ask('cidrNetwork', value)),
  'network/prefix': (value) => ask('cidrNetwork', value),
  subnet: (value) => ask('cidrNetwork', value),
  net: (value) => (ask('cidrNetwork', value) === value ? value : false),
  cidr: (value) => (value.includes('/') ? value : false),
  'host/prefix': (value) => value,
  prefix: (value) => ask('cidrPrefix', value),
  netmask: (value) => ask('cidrNetmask', value),
  broadcast: (value) => ask('cidrBroadcast', value),
  size: (value) => ask('cidrSize', value),
  version: (value) => ask('ipVersion', value),
  int: (value) => ask('ipInt', value),
  revdns: (value) => `${String(ask('ipReverse', ask('cidrAddress', value)))}.`,
  wrap: (value) => ask('ipWrap', value),
  first_usable: (value) => usable(value, 1),
  last_usable: (value) => usable(value, -2),
  private: (value) => (['private', 'uniqueLocal'].includes(rangeOf(value)) ? value : false),
  public: (value) => (rangeOf(value) === 'unicast' ? value : false),
  loopback: (value) => (rangeOf(value) === 'loopback' ? value : false),
  'link-local': (value) => (rangeOf(value) === 'linkLocal' ? value : false),
  multicast: (value) => (rangeOf(value) === 'multicast' ? value : false),
};

/** Ansible's filters for addresses; xrun's own are more and say what is wrong. */
export const ipFilters: HelperGroup = {
  title: "Ansible's filters for addresses",
  helpers: [
    helper(
      'ipaddr value query?',
      'The address, network or list of them by a query (address, network, prefix, netmask, an index, a network it must be in...); false where it is none.',
      ['{{ipaddr "10.0.0.5/24" "network"}}', '10.0.0.0'],
      (args) => filtered(args, undefined),
    ),
    helper(
      'ipv4 value query?',
      'The same for IPv4 alone.',
      ['{{ipv4 list}}', ['10.0.0.1'], { list: ['10.0.0.1', 'fd00::1'] }],
      (args) => filtered(args, 4),
    ),
    helper('ipv6 value query?', 'The same for IPv6 alone.', ['{{ipv6 "10.0.0.1"}}', false], (args) =>
      filtered(args, 6),
    ),
  ],
};

function filtered([value, query = '']: unknown[], version: number | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => filtered([one, query], version)).filter((one) => one !== false);
  const found = String(value);
  if (!isAddress(found) || (version !== undefined && ask('ipVersion', found.split('/')[0]) !== version)) return false;
  const name = String(query);
  if (Object.hasOwn(QUERIES, name)) return QUERIES[name]!(found);
  if (/^-?\d+$/.test(name))
    return `${String(ask('cidrHost', found, Number(name)))}/${String(ask('cidrPrefix', found))}`;
  return isAddress(name) && ask('cidrContains', name, found) ? found : false;
}

function ask(name: string, ...args: unknown[]): unknown {
  return by.get(name)?.run(args, { named: {}, ...nowhere });
}

function isAddress(value: string): boolean {
  return value.includes('/') ? ipaddr.isValidCIDR(value) : ipaddr.isValid(value) && /[.:]/.test(value);
}

function rangeOf(value: string): string {
  return ipaddr.parse(value.split('/')[0]!).range();
}

function usable(value: string, index: number): unknown {
  return Number(ask('cidrPrefix', value)) >= 31 ? ask('cidrAddress', value) : ask('cidrHost', value, index);
}
