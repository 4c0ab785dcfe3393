import ipaddr from 'ipaddr.js';
import * as z from 'zod';

/** An IPv4 or IPv6 address in the kernel's spelling. */
export const ip = z
  .string()
  .refine((value) => isIp(value), 'expected an IP address')
  .transform(canonical);

/** An address with the length of its network; host bits are kept. A bare address is one host. */
export const cidr = z
  .string()
  .refine(isCidr, 'expected an address with its prefix length, such as 10.0.0.1/24')
  .transform(withLength);

/** A network: `default`, or an address with a prefix length and no host bits. */
export const network = z
  .union([z.literal('default'), z.string().refine(isNetwork, 'expected a network such as 10.0.0.0/24, or default')])
  .transform((value) => {
    return value === 'default' || value === '0.0.0.0/0' ? 'default' : withLength(value);
  });

/** The family of an address, a network or a range, as `ip` wants it: `-4` or `-6`. `default` has none. */
export function familyFlag(...values: (string | undefined)[]): '-4' | '-6' {
  return values.some((value) => value?.includes(':')) ? '-6' : '-4';
}

/** Whether it is an IPv4 address of four parts, or an IPv6 address. */
export function isIp(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value);
}

function canonical(value: string): string {
  return ipaddr.parse(value).toString();
}

function split(value: string): { address: string; length: number } {
  const [address = '', length] = value.split('/');
  const most = address.includes(':') ? 128 : 32;
  return { address, length: length === undefined ? most : /^\d+$/.test(length) ? Number(length) : -1 };
}

/** Whether it is such an address, with or without a prefix length that its family has. */
export function isCidr(value: string): boolean {
  const { address, length } = split(value);
  return isIp(address) && length >= 0 && length <= (address.includes(':') ? 128 : 32);
}

function isNetwork(value: string): boolean {
  if (!isCidr(value)) return false;
  const family = value.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4;
  const whole = withLength(value);
  return family.networkAddressFromCIDR(whole).toString() === whole.split('/')[0];
}

function withLength(value: string): string {
  const { address, length } = split(value);
  return `${canonical(address)}/${length}`;
}
