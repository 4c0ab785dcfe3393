import * as z from 'zod';
import { flag, text } from '../../../model/arguments/scalars.ts';
import { isCidr, isIp } from '../../shared/ip.ts';
import { dictionary } from '../api/labels.ts';
import { ownedBy } from '../api/ownership.ts';
import type { Subnet } from './network-state.ts';

const cidr = z
  .string()
  .refine((value) => value.includes('/') && isCidr(value), 'expected a subnet in CIDR form, 10.10.0.0/16');
const address = z.string().refine(isIp, 'expected an IP address');

const range = z.strictObject({
  subnet: cidr.describe('Addresses of the network, 10.10.0.0/16.'),
  gateway: address.optional().describe('Address of the gateway.'),
  ip_range: cidr.optional().describe('The part of the subnet that containers get addresses from.'),
  aux_addresses: dictionary.optional().describe('Addresses that no container gets, by a name.'),
});

/** Arguments of the module docker_network. */
export const networkArgs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]*$/, 'expected a name of letters, digits, _ . -')
      .describe('Name of the network.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the network is there.'),
    driver: text
      .default('bridge')
      .describe('What makes the network: `bridge`, `overlay`, `macvlan`, `ipvlan`, or a plugin.'),
    subnet: cidr.optional().describe('Addresses of the network, 10.10.0.0/16; Docker chooses where it is not given.'),
    gateway: address.optional().describe('Address of the gateway; needs `subnet`.'),
    ip_range: cidr.optional().describe('The part of the subnet that containers get addresses from; needs `subnet`.'),
    aux_addresses: dictionary.optional().describe('Addresses that no container gets, by a name; needs `subnet`.'),
    ipam_config: z
      .array(range)
      .optional()
      .describe(
        'Several ranges, each with `subnet`, `gateway`, `ip_range` and `aux_addresses`, instead of the four arguments above.',
      ),
    ipam_driver: text.optional().describe('What gives out addresses. Only when the network is made.'),
    driver_options: dictionary
      .optional()
      .describe(
        "The driver's options, such as `encrypted: ''`, `parent: eth0` or `com.docker.network.driver.mtu: 1400`. Others that are set are left.",
      ),
    attachable: flag.optional().describe('Plain containers may join an overlay network too.'),
    internal: flag.optional().describe('No way out of the network.'),
    ingress: flag.optional().describe("The swarm's network for published ports."),
    enable_ipv6: flag.optional().describe('IPv6 addresses as well.'),
    scope: z.enum(['local', 'swarm']).optional().describe('How far the network reaches.'),
    labels: dictionary.optional().describe('Labels; others that are set are left.'),
    recreate: flag
      .default(false)
      .describe(
        'Remove a network of this name that differs, and further ones of the same name, if no container (running or stopped) and no service uses them.',
      ),
    owned_by: ownedBy,
  })
  .superRefine((args, issues) => {
    const { subnet, gateway, ip_range, aux_addresses, ipam_config } = args;
    const shorthand = gateway ?? ip_range ?? aux_addresses;
    if (shorthand !== undefined && !subnet)
      issues.addIssue({
        code: 'custom',
        path: ['subnet'],
        message: 'gateway, ip_range and aux_addresses need the subnet',
      });
    if (ipam_config && (subnet ?? shorthand) !== undefined)
      issues.addIssue({
        code: 'custom',
        path: ['ipam_config'],
        message: 'give either ipam_config or subnet, gateway, ip_range and aux_addresses',
      });
  });

export type NetworkArgs = z.output<typeof networkArgs>;

/** The ranges that the arguments ask for, in one form; empty where Docker may choose. */
export function wantedSubnets({ subnet, gateway, ip_range, aux_addresses, ipam_config }: NetworkArgs): Subnet[] {
  const ranges = ipam_config ?? (subnet ? [{ subnet, gateway, ip_range, aux_addresses }] : []);
  return ranges.map(
    (range) =>
      Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined)) as unknown as Subnet,
  );
}
