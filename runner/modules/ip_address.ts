import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag } from './arguments/scalars.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, Step } from './module.ts';
import type { Diff } from '../events.ts';
import { addressesProbe, parseAddresses } from './net/addresses.ts';
import type { Address, Addresses } from './net/addresses.ts';
import { runs } from './net/attribute.ts';
import { cidr, ip } from './net/ip.ts';
import { LINK_NAME, linkOf, withoutIproute } from './net/link.ts';

const args = z.strictObject({
  dev: z.string().regex(LINK_NAME).describe('Interface.'),
  address: cidr.describe('Address with the length of its network, `10.0.0.1/24` or `fd00::1/64`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the interface is to have it.'),
  broadcast: ip.optional().describe('Broadcast address of an IPv4 network; a new address gets the last one of its network.'),
  label: z.string().optional().describe('Label of an IPv4 address, such as eth0:1.'),
  scope: z.enum(['global', 'link', 'host']).optional().describe('How far the address is valid.'),
  exclusive: flag.default(false).describe('Remove every other address of the same family (those of scope link stay).'),
});

type Args = z.output<typeof args>;

function decide(args: Args, state: Addresses, context: DecideContext): Decision<Addresses> {
  if (state.trouble) return withoutIproute(state.trouble, context);
  const exists = state.exists || linkOf(args.dev, undefined, context).exists;
  if (args.state === 'absent') return change(args, state, state.list.filter((one) => one.address === args.address), undefined);
  if (!exists) return { kind: 'fail', message: `interface ${args.dev} does not exist`, hint: 'see "ip link" on the host' };
  const right = state.list.find((one) => matches(args, one));
  const wrong = state.list.filter((one) => one !== right && (sameHost(args, one) || (args.exclusive && sameFamily(args, one))));
  return change(args, state, wrong, right ? undefined : wanted(args));
}

export default defineModule({
  name: 'ip_address',
  summary: 'Manage an address of a network interface',
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

function matches(args: Args, one: Address): boolean {
  const given = (['broadcast', 'label', 'scope'] as const).filter((key) => args[key] !== undefined);
  return one.address === args.address && given.every((key) => one[key] === args[key]);
}

function wanted({ dev, address, broadcast, label, scope = 'global' }: Args): Address {
  const v4 = family(address) === 'ipv4';
  return { address, scope, ...(broadcast && { broadcast }), ...(v4 && { label: label ?? dev }) };
}

function change(args: Args, state: Addresses, wrong: readonly Address[], add: Address | undefined): Decision<Addresses> {
  if (wrong.length === 0 && !add) return { kind: 'ok' };
  const what = `${args.dev} address`;
  // An address that only its label or scope tells from the wanted one is in the way of adding that.
  const first = wrong.filter((one) => one.address === add?.address);
  const last = wrong.filter((one) => one.address !== add?.address);
  const diff: Diff[] = wrong.map((one) => ({ what, before: shownAddress(one, args), after: null }));
  if (add && diff[0]) diff[0] = { ...diff[0], after: shownAddress(add, args) };
  else if (add) diff.push({ what, before: null, after: shownAddress(add, args) });
  const steps: Step[] = runs([...first.map((one) => remove(args.dev, one)), ...(add ? [insert(args)] : []), ...last.map((one) => remove(args.dev, one))]);
  const list = state.list.filter((one) => !wrong.includes(one));
  return { kind: 'change', diff, steps, after: { exists: true, list: add ? [...list, add] : list } };
}

/** With the broadcast address that the network systems give one too: `ip` by itself gives none. */
function insert({ dev, address, broadcast, label, scope }: Args): Script {
  const usual = family(address) === 'ipv4' && Number(address.split('/')[1]) < 31 && '+';
  const given = broadcast ?? usual;
  return sh`ip address add ${address} ${given && ['broadcast', given]} ${label && ['label', label]} ${scope && ['scope', scope]} dev ${dev}`;
}

function remove(dev: string, { address }: Address): Script {
  return sh`ip address delete ${address} dev ${dev}`;
}

function shownAddress(one: Address, args: Args): string {
  const given = (['broadcast', 'label', 'scope'] as const).filter((key) => args[key] !== undefined && one[key]);
  return [one.address, ...given.map((key) => `${key} ${one[key]}`)].join(' ');
}
