import * as z from 'zod';
import { flag, whole } from '../../../model/arguments/scalars.ts';
import { ip } from '../../shared/ip.ts';
import { LINK_NAME } from './link.ts';
import { mac } from '../addresses/mac.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

/** What a task says of an interface. */
export const linkArgs = z.strictObject({
  name: linkName.describe('Name of the interface.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the interface is to exist.'),
  up: flag.optional().describe('Whether it is switched on.'),
  mtu: whole.optional().describe('Largest packet, in bytes.'),
  mac: mac.optional().describe('Hardware address.'),
  master: z
    .union([linkName, z.literal('')])
    .optional()
    .describe("Bridge or bond it is a member of; '' for none."),
  offload: z
    .record(z.string(), flag)
    .optional()
    .describe('Features as ethtool names them, long or short: {tx: off, tso: off}.'),
  kind: z
    .enum(['macvlan', 'ipvlan', 'vlan', 'vxlan', 'veth', 'dummy'])
    .optional()
    .describe('What to create where it does not exist.'),
  parent: linkName.optional().describe('The interface that a macvlan, ipvlan, vlan or vxlan is based on.'),
  mode: z.string().optional().describe('Mode of a macvlan (bridge, private, vepa, passthru) or ipvlan (l2, l3, l3s).'),
  id: whole.optional().describe('Number of a vlan, or of a vxlan.'),
  remote: ip.optional().describe('The other end of a vxlan.'),
  local: ip.optional().describe('This end of a vxlan.'),
  dst_port: whole.optional().describe('UDP port of a vxlan; 4789 where not given.'),
  peer: linkName.optional().describe('The other end of a veth pair.'),
});

export type LinkArgs = z.output<typeof linkArgs>;
