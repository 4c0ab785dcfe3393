import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import { addressesProbe, parseAddresses, planAddresses, v6Switch } from './addresses/addresses.ts';
import type { Address, Addresses } from './addresses/addresses.ts';
import { addressScript } from './addresses/address-steps.ts';
import { runs } from '../shared/attribute.ts';
import { cidr, ip } from '../shared/ip.ts';
import { LINK_NAME, linkOf, withoutIproute } from './links/link.ts';

const args = z
  .strictObject({
    dev: z.string().regex(LINK_NAME).describe('Interface.'),
    address: cidr.describe('Address with the length of its network, `10.0.0.1/24` or `fd00::1/64`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the interface is to have it.'),
    broadcast: ip
      .optional()
      .describe('Broadcast address of an IPv4 network; a new address gets the last one of its network.'),
    label: z.string().optional().describe('Label of an IPv4 address, such as eth0:1.'),
    scope: z.enum(['global', 'link', 'host']).optional().describe('How far the address is valid.'),
    noprefixroute: flag.optional().describe("Whether the kernel leaves out the route to the address's network."),
    exclusive: flag
      .default(false)
      .describe('Remove every other address of the same family (those of scope link stay).'),
  })
  .superRefine(({ dev, address, broadcast, label }, issues) => {
    const wrong = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (broadcast !== undefined && address.includes(':')) wrong('broadcast', 'IPv6 has no broadcast addresses');
    if (broadcast?.includes(':')) wrong('broadcast', 'expected an IPv4 address');
    if (label !== undefined && address.includes(':')) wrong('label', 'IPv6 addresses have no labels');
    else if (label !== undefined && (label.length > 15 || !`${label}:`.startsWith(`${dev}:`)))
      wrong('label', `expected ${dev}, or ${dev}: and a name, of at most 15 characters`);
  });

type Args = z.output<typeof args>;

function decide(args: Args, state: Addresses, context: DecideContext): Decision<Addresses> {
  if (state.trouble) return withoutIproute(state.trouble, context);
  const exists = state.exists || linkOf(args.dev, undefined, context).exists;
  if (args.state === 'absent')
    return change(
      args,
      state,
      state.list.filter((one) => one.address === args.address),
      undefined,
      context,
    );
  if (!exists)
    return { kind: 'fail', message: `interface ${args.dev} does not exist`, hint: 'See "ip link" on the host.' };
  const right = state.list.find((one) => matches(args, one));
  if (right?.duplicate)
    return {
      kind: 'fail',
      message: `another host of the network has the address ${args.address}, so that the kernel does not use it on ${args.dev}`,
      hint: 'See "ip -6 address show dadfailed" on the host.',
    };
  if (
    !right &&
    state.v6off &&
    family(args.address) === 'ipv6' &&
    context.planned(`kernel:${v6Switch(args.dev)}`) !== '0'
  ) {
    return {
      kind: 'fail',
      message: `IPv6 is switched off on ${args.dev}`,
      hint: `Set net.ipv6.conf.${args.dev}.disable_ipv6 to 0 with the module sysctl first.`,
    };
  }
  const wrong = state.list.filter(
    (one) => one !== right && (sameHost(args, one) || (args.exclusive && sameFamily(args, one))),
  );
  return change(args, state, wrong, right ? undefined : wanted(args), context);
}

export default defineModule({
  name: 'ip_address',
  summary: 'Manage an address of a network interface',
  traits: { effects: 'network' },
  notes: [
    'The change lasts until the next boot; network_config writes the same down for the network system of the host.',
    'The same address with another prefix length is drift: the right one is added before the wrong one is removed.',
  ],
  examples: `- name: The bridge has the host's address
  ip_address:
    dev: br0
    address: 10.0.0.11/24
`,
  args,
  resource: ({ dev }) => `addresses:${dev}`,
  probe: ({ dev }) => addressesProbe(dev),
  parse: ({ stdout }) => parseAddresses(stdout),
  decide,
});

const hostPart = (address: string) => address.split('/')[0];
const family = (address: string) => ipaddr.parse(hostPart(address) as string).kind();

const sameHost = (args: Args, one: Address) => hostPart(one.address) === hostPart(args.address);
const sameFamily = (args: Args, one: Address) => one.scope !== 'link' && family(one.address) === family(args.address);

const KEYS = ['broadcast', 'label', 'scope', 'noprefixroute'] as const;

function matches(args: Args, one: Address): boolean {
  const given = KEYS.filter((key) => args[key] !== undefined);
  return (
    one.address === args.address &&
    given.every((key) => (key === 'noprefixroute' ? (one[key] ?? false) : one[key]) === args[key])
  );
}

function wanted({ dev, address, broadcast, label, scope = 'global', noprefixroute }: Args): Address {
  const v4 = family(address) === 'ipv4';
  return {
    address,
    scope,
    ...(broadcast && { broadcast }),
    ...(v4 && { label: label ?? dev }),
    ...(noprefixroute && { noprefixroute }),
  };
}

function change(
  args: Args,
  state: Addresses,
  wrong: readonly Address[],
  add: Address | undefined,
  context: DecideContext,
): Decision<Addresses> {
  if (wrong.length === 0 && !add) return { kind: 'ok' };
  const { dev } = args;
  const what = `${dev} address`;
  // An address that differs only in label or scope is in the way of adding the right one.
  const first = wrong.filter((one) => one.address === add?.address);
  const last = wrong.filter((one) => one.address !== add?.address);
  const diff: Diff[] = wrong.map((one) => ({ what, before: shownAddress(one, args), after: null }));
  if (add && diff[0]) diff[0] = { ...diff[0], after: shownAddress(add, args) };
  else if (add) diff.push({ what, before: null, after: shownAddress(add, args) });
  const others = state.list.filter((one) => !wrong.includes(one));
  const list = add ? [...others, add] : others;
  const steps = runs([addressScript({ dev, first, ...(add && { add: insert(args) }), last, kept: list })]);
  return {
    kind: 'change',
    diff,
    steps,
    after: { ...state, exists: true, list },
    plans: planAddresses(context, dev, list),
  };
}

/** With the broadcast address that the network systems give one too: `ip` by itself gives none. */
function insert({ dev, address, broadcast, label, scope, noprefixroute }: Args): Script {
  const usual = family(address) === 'ipv4' && Number(address.split('/')[1]) < 31 && '+';
  const given = broadcast ?? usual;
  return sh`ip address add ${address} ${given && ['broadcast', given]} ${label && ['label', label]} ${scope && ['scope', scope]} ${noprefixroute && 'noprefixroute'} dev ${dev}`;
}

function shownAddress(one: Address, args: Args): string {
  const given = (['broadcast', 'label', 'scope'] as const).filter((key) => args[key] !== undefined && one[key]);
  const peer = one.peer && `peer ${one.peer}`;
  const prefix = args.noprefixroute !== undefined && one.noprefixroute && 'noprefixroute';
  return [one.address, peer, ...given.map((key) => `${key} ${one[key]}`), prefix].filter(Boolean).join(' ');
}
