import * as net from '../../../values/network.ts';
import type { Network } from '../../../values/network.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { integer, list, text } from '../take.ts';

/** A list of subnets is never longer. */
const longest = 65_536n;

/** Addresses and networks, IPv4 and IPv6 alike. */
export const networks: HelperGroup = {
  title: 'Addresses and networks',
  helpers: [
    {
      name: 'cidrNetwork',
      args: 'network',
      summary: 'The network that an address with a prefix is in, with that prefix.',
      example: { template: '{{cidrNetwork "10.1.2.3/16"}}', result: '10.1.0.0/16' },
      run: (args) => net.formatNetwork(network(args)),
    },
    {
      name: 'cidrAddress',
      args: 'network',
      summary: 'The address alone, without its prefix.',
      example: { template: '{{cidrAddress "10.1.2.3/16"}}', result: '10.1.2.3' },
      run: (args) => net.formatAddress(network(args).address),
    },
    {
      name: 'cidrPrefix',
      args: 'network',
      summary: 'The number after the slash.',
      example: { template: '{{cidrPrefix "10.1.2.3/16"}}', result: 16 },
      run: (args) => network(args).prefix,
    },
    {
      name: 'cidrNetmask',
      args: 'network',
      summary: 'Its mask as an address.',
      example: { template: '{{cidrNetmask "10.0.0.0/20"}}', result: '255.255.240.0' },
      run: (args) => net.formatAddress(net.maskOf(network(args).prefix, network(args).address.bits)),
    },
    {
      name: 'cidrBroadcast',
      args: 'network',
      summary: 'Its last address.',
      example: { template: '{{cidrBroadcast "10.0.0.0/20"}}', result: '10.0.15.255' },
      run: (args) => net.formatAddress(net.lastOf(network(args))),
    },
    {
      name: 'cidrSize',
      args: 'network',
      summary: 'How many addresses it has; as text where that is more than a number holds exactly.',
      example: { template: '{{cidrSize "10.0.0.0/20"}}', result: 4096 },
      run: (args) => exact(net.sizeOf(network(args))),
    },
    {
      name: 'cidrHost',
      args: 'network index',
      summary: 'Its nth address, counted from the network itself, which is 0; -1 is the last one.',
      example: { template: '{{cidrHost "10.1.0.0/16" 5}}', result: '10.1.0.5' },
      run: (args) => net.formatAddress(nth(network(args), index(args, 1))),
    },
    {
      name: 'cidrSubnet',
      args: 'network prefix index',
      summary: 'Its nth subnet with that prefix, counted from 0.',
      example: { template: '{{cidrSubnet "10.0.0.0/12" 20 3}}', result: '10.0.48.0/20' },
      run: (args) => net.formatNetwork(subnet(args, index(args, 2))),
    },
    {
      name: 'cidrSubnets',
      args: 'network prefix count?',
      summary: 'All its subnets with that prefix, or the first so many.',
      example: { template: '{{cidrSubnets "10.0.0.0/14" 15}}', result: ['10.0.0.0/15', '10.2.0.0/15'] },
      run: (args) => subnets(args),
    },
    {
      name: 'cidrContains',
      args: 'network inner',
      summary: 'Whether an address or a whole network is in it.',
      example: { template: '{{cidrContains "10.0.0.0/8" "10.1.2.3"}}', result: true },
      run: (args) => net.containsNetwork(network(args), network(args, 1)),
    },
    {
      name: 'cidrOverlaps',
      args: 'network network',
      summary: 'Whether they have an address in common.',
      example: { template: '{{cidrOverlaps "10.0.0.0/8" "10.1.0.0/16"}}', result: true },
      run: (args) => overlap(network(args), network(args, 1)),
    },
    {
      name: 'cidrNextFree',
      args: 'network used prefix?',
      summary:
        'The first address that is not in the list of used addresses and networks, leaving out the network and the broadcast address; with a prefix, the first subnet that overlaps none of them.',
      example: {
        template: '{{cidrNextFree "10.0.0.0/24" used}}',
        vars: { used: ['10.0.0.1', '10.0.0.2'] },
        result: '10.0.0.3',
      },
      run: (args) => nextFree(args),
    },
    {
      name: 'ipAdd',
      args: 'address number',
      summary: 'The address so many further; a prefix stays.',
      example: { template: '{{ipAdd "10.0.0.255" 1}}', result: '10.0.1.0' },
      run: (args) => add(args),
    },
    {
      name: 'ipInt',
      args: 'address',
      summary: 'The address as a number; as text where that is more than a number holds exactly.',
      example: { template: '{{ipInt "10.0.0.1"}}', result: 167772161 },
      run: (args) => exact(network(args).address.value),
    },
    {
      name: 'ipVersion',
      args: 'address',
      summary: '4 or 6.',
      example: { template: '{{ipVersion "fd00::1"}}', result: 6 },
      run: (args) => (network(args).address.bits === 32 ? 4 : 6),
    },
    {
      name: 'isIp',
      args: 'text',
      summary: 'Whether it is an address, without a prefix.',
      example: { template: '{{isIp "10.0.0.300"}}', result: false },
      run: ([value]) => typeof value === 'string' && net.parseAddress(value) !== undefined,
    },
    {
      name: 'ipReverse',
      args: 'address',
      summary: 'The name of its PTR record.',
      example: { template: '{{ipReverse "10.0.0.1"}}', result: '1.0.0.10.in-addr.arpa' },
      run: (args) => reverse(network(args).address),
    },
    {
      name: 'ipWrap',
      args: 'address',
      summary: 'In brackets where it is IPv6, as addresses before a port are.',
      example: { template: '{{ipWrap "fd00::1"}}', result: '[fd00::1]' },
      run: (args) => (net.parseAddress(text(args))?.bits === 128 ? `[${text(args)}]` : text(args)),
    },
  ],
};

function network(args: unknown[], at = 0): Network {
  const found = net.parseNetwork(text(args, at));
  if (!found)
    throw new BadArgument(`expects an address or a network such as 10.0.0.0/16, found '${text(args, at)}'`, at);
  return found;
}

function index(args: unknown[], at: number): bigint {
  return BigInt(integer(args, at));
}

function nth(of: Network, wanted: bigint): net.Address {
  const size = net.sizeOf(of);
  const offset = wanted < 0n ? size + wanted : wanted;
  if (offset < 0n || offset >= size)
    throw new BadArgument(`finds no address ${wanted}: ${net.formatNetwork(of)} has ${size}`, 1);
  return { ...of.address, value: net.firstOf(of).value + offset };
}

function subnet(args: unknown[], wanted: bigint): Network {
  const of = network(args);
  const prefix = subnetPrefix(args, of);
  const count = 1n << BigInt(prefix - of.prefix);
  const offset = wanted < 0n ? count + wanted : wanted;
  if (offset < 0n || offset >= count)
    throw new BadArgument(`finds no subnet ${wanted}: ${net.formatNetwork(of)} has ${count} of /${prefix}`, 2);
  const size = 1n << BigInt(of.address.bits - prefix);
  return { address: { ...of.address, value: net.firstOf(of).value + offset * size }, prefix };
}

function subnetPrefix(args: unknown[], of: Network, at = 1): number {
  const prefix = integer(args, at);
  if (prefix < of.prefix || prefix > of.address.bits) {
    throw new BadArgument(`expects a prefix from ${of.prefix} to ${of.address.bits}, found ${prefix}`, at);
  }
  return prefix;
}

function subnets(args: unknown[]): string[] {
  const of = network(args);
  const all = 1n << BigInt(subnetPrefix(args, of) - of.prefix);
  const asked = args.length > 2 ? index(args, 2) : all;
  const count = asked < all ? asked : all;
  if (count > longest) throw new BadArgument(`would make ${count} subnets; the most is ${longest}`, 1);
  return Array.from({ length: Number(count) }, (_, i) => net.formatNetwork(subnet(args, BigInt(i))));
}

function overlap(a: Network, b: Network): boolean {
  return net.containsNetwork(a, b) || net.containsNetwork(b, a);
}

function nextFree(args: unknown[]): string {
  const of = network(args);
  const used = list(args, 1).map((_, i) => network(list(args, 1), i));
  const prefix = args.length > 2 ? subnetPrefix(args, of, 2) : of.address.bits;
  const alone = args.length < 3;
  const size = 1n << BigInt(of.address.bits - prefix);
  const [from, to] = alone ? usable(of) : [net.firstOf(of).value, net.lastOf(of).value];
  for (let value = from; value + size - 1n <= to;) {
    const candidate: Network = { address: { ...of.address, value }, prefix };
    const taken = used.find((other) => overlap(candidate, other));
    if (!taken) return alone ? net.formatAddress(candidate.address) : net.formatNetwork(candidate);
    const behind = net.lastOf(taken).value + 1n;
    value = ((behind + size - 1n) / size) * size;
  }
  throw new BadArgument(`finds nothing free in ${net.formatNetwork(of)}`);
}

/** The addresses that hosts may have: not the network's own and not the broadcast address, except in /31 and /32. */
function usable(of: Network): [bigint, bigint] {
  const [first, last] = [net.firstOf(of).value, net.lastOf(of).value];
  if (net.sizeOf(of) <= 2n) return [first, last];
  return [first + 1n, of.address.bits === 32 ? last - 1n : last];
}

function add(args: unknown[]): string {
  const { address, prefix } = network(args);
  const value = address.value + index(args, 1);
  if (value < 0n || value >= 1n << BigInt(address.bits)) throw new BadArgument('leaves the range of addresses', 1);
  return net.formatAddress({ ...address, value }) + (text(args).includes('/') ? `/${prefix}` : '');
}

function exact(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

function reverse(address: net.Address): string {
  if (address.bits === 32) return `${net.formatAddress(address).split('.').toReversed().join('.')}.in-addr.arpa`;
  return `${[...address.value.toString(16).padStart(32, '0')].toReversed().join('.')}.ip6.arpa`;
}
