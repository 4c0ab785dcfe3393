import ipaddr from 'ipaddr.js';
import type { Diff } from '../../../model/events.ts';
import { showDictionary } from '../api/attribute.ts';
import { dictionaryDrift } from '../api/dictionary-drift.ts';
import { wantedSubnets } from './network-args.ts';
import type { NetworkArgs } from './network-args.ts';
import type { DockerNetwork, Subnet } from './network-state.ts';

/** Options that a driver takes for given where a network was made without them. */
const USUAL: Record<string, Record<string, string>> = {
  macvlan: { macvlan_mode: 'bridge' },
  ipvlan: { ipvlan_mode: 'l2' },
};

/** Where a network differs from what the arguments say of it. */
export function networkDrift(args: NetworkArgs, found: DockerNetwork): Diff[] {
  const diff: Diff[] = [];
  const compare = (attribute: string, before: string | boolean, after: string | boolean | undefined) => {
    if (after !== undefined && after !== before)
      diff.push({ what: `${args.name} ${attribute}`, before: String(before), after: String(after) });
  };
  compare('driver', found.driver, args.driver);
  compare('scope', found.scope, args.scope);
  compare('attachable', found.attachable, args.attachable);
  compare('internal', found.internal, args.internal);
  compare('ingress', found.ingress, args.ingress);
  compare('enable_ipv6', found.ipv6, args.enable_ipv6);
  diff.push(...subnetDrift(args, found));
  diff.push(
    ...dictionaryDrift(
      args.name,
      'driver_options',
      { ...USUAL[found.driver], ...found.options },
      args.driver_options,
      sameOption,
    ),
    ...dictionaryDrift(args.name, 'labels', found.labels, args.labels),
  );
  return diff;
}

function subnetDrift(args: NetworkArgs, found: DockerNetwork): Diff[] {
  const wanted = wantedSubnets(args);
  const families = new Set(wanted.map(({ subnet }) => subnet.includes(':')));
  const relevant = found.subnets.filter(({ subnet }) => families.has(subnet.includes(':')));
  const same = relevant.length === wanted.length && wanted.every((one) => relevant.some((other) => covers(one, other)));
  return same
    ? []
    : [
        {
          what: `${args.name} subnet`,
          before: relevant.map(formatSubnet).join(', '),
          after: wanted.map(formatSubnet).join(', '),
        },
      ];
}

/** Whether the found range is all that the wanted one says; addresses are compared, not their spelling. */
function covers(wanted: Subnet, found: Subnet): boolean {
  if (rangeOf(wanted.subnet) !== rangeOf(found.subnet)) return false;
  if (wanted.gateway && addressOf(wanted.gateway) !== addressOf(found.gateway)) return false;
  if (wanted.ip_range && rangeOf(wanted.ip_range) !== rangeOf(found.ip_range)) return false;
  return Object.entries(wanted.aux_addresses ?? {}).every(
    ([name, address]) => addressOf(address) === addressOf(found.aux_addresses?.[name]),
  );
}

function addressOf(text: string | undefined): string | undefined {
  return text !== undefined && ipaddr.isValid(text) ? ipaddr.parse(text).toString() : text;
}

/** The range without host bits: `10.1.2.3/24` and `10.1.2.0/24` are one. */
function rangeOf(text: string | undefined): string | undefined {
  if (text === undefined || !ipaddr.isValidCIDR(text)) return text;
  const [address, length] = ipaddr.parseCIDR(text);
  const first =
    address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
  return `${first.toString()}/${length}`;
}

/** `10.10.0.0/16 gateway 10.10.0.254`. */
export function formatSubnet({ subnet, gateway, ip_range, aux_addresses }: Subnet): string {
  const aux = aux_addresses && Object.keys(aux_addresses).length > 0 ? ` not ${showDictionary(aux_addresses)}` : '';
  return `${subnet}${gateway ? ` gateway ${gateway}` : ''}${ip_range ? ` range ${ip_range}` : ''}${aux}`;
}

/** Drivers read `true` and `1` as the same (Go's ParseBool), and `false` and `0`. */
function sameOption(found = '', wanted = ''): boolean {
  const read = (value: string) =>
    /^(true|t|1)$/i.test(value) ? 'true' : /^(false|f|0)$/i.test(value) ? 'false' : value;
  return read(found) === read(wanted);
}
