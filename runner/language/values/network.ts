import ipaddr from 'ipaddr.js';

/** An address as a number, with the number of its bits: 32 or 128. */
export interface Address {
  value: bigint;
  bits: 32 | 128;
}

/** A network with the address that was written, which may be one inside of it. */
export interface Network {
  address: Address;
  prefix: number;
}

/** Reads `10.0.0.1` or `fd00::1`; undefined for anything else. Octets with leading zeros are refused as ambiguous. */
export function parseAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  if (ipaddr.IPv4.isValidFourPartDecimal(trimmed) && !/(^|\.)0\d/.test(trimmed)) {
    return fromBytes(ipaddr.IPv4.parse(trimmed).toByteArray());
  }
  if (trimmed.includes(':') && !trimmed.includes('%') && ipaddr.IPv6.isValid(trimmed)) {
    return fromBytes(ipaddr.IPv6.parse(trimmed).toByteArray());
  }
  return undefined;
}

/** Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or an address alone, which is a network of its own. */
export function parseNetwork(text: string): Network | undefined {
  const [left = '', right, ...more] = text.trim().split('/');
  const address = parseAddress(left);
  if (!address || more.length > 0) return undefined;
  if (right === undefined) return { address, prefix: address.bits };
  const prefix = /^\d{1,3}$/.test(right) ? Number(right) : prefixOfMask(right);
  return prefix !== undefined && prefix <= address.bits ? { address, prefix } : undefined;
}

/** The usual way to write an address; IPv6 as RFC 5952 says. */
export function formatAddress({ value, bits }: Address): string {
  const bytes = Array.from({ length: bits / 8 }, (_, i) => Number((value >> BigInt(bits - 8 - 8 * i)) & 255n));
  const address = ipaddr.fromByteArray(bytes);
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
}

/** How many addresses a network has. */
export function sizeOf({ address, prefix }: Network): bigint {
  return 1n << BigInt(address.bits - prefix);
}

/** The first address of a network: its own. */
export function firstOf(network: Network): Address {
  const size = sizeOf(network);
  return { ...network.address, value: (network.address.value / size) * size };
}

/** The last address of a network; for IPv4 its broadcast address. */
export function lastOf(network: Network): Address {
  return { ...network.address, value: firstOf(network).value + sizeOf(network) - 1n };
}

/** The mask with so many ones, as an address. */
export function maskOf(prefix: number, bits: 32 | 128): Address {
  const ones = (1n << BigInt(prefix)) - 1n;
  return { value: ones << BigInt(bits - prefix), bits };
}

/** Whether all of `inner` is in `outer`. */
export function containsNetwork(outer: Network, inner: Network): boolean {
  if (outer.address.bits !== inner.address.bits) return false;
  return firstOf(inner).value >= firstOf(outer).value && lastOf(inner).value <= lastOf(outer).value;
}

/** `address/prefix`. */
export function formatNetwork(network: Network): string {
  return `${formatAddress(firstOf(network))}/${network.prefix}`;
}

function prefixOfMask(text: string): number | undefined {
  const mask = parseAddress(text);
  if (mask?.bits !== 32) return undefined;
  const prefix = mask.value.toString(2).replace(/0+$/, '').length;
  return mask.value === 0n ? 0 : maskOf(prefix, 32).value === mask.value ? prefix : undefined;
}

function fromBytes(bytes: number[]): Address {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { value, bits: bytes.length === 4 ? 32 : 128 };
}
