import type { Diff } from '../../events.ts';
import { formatDictionary } from './labels.ts';
import { wantedSubnets } from './network-args.ts';
import type { NetworkArgs } from './network-args.ts';
import type { DockerNetwork, Subnet } from './network-state.ts';

/** Options that a driver takes for given where a network was made without them. */
const USUAL: Record<string, Record<string, string>> = { macvlan: { macvlan_mode: 'bridge' }, ipvlan: { ipvlan_mode: 'l2' } };

/** Where a network differs from what the arguments say of it. */
export function networkDrift(args: NetworkArgs, found: DockerNetwork): Diff[] {
  const diff: Diff[] = [];
  const compare = (attribute: string, before: string | boolean, after: string | boolean | undefined) => {
    if (after !== undefined && after !== before) diff.push({ what: `${args.name} ${attribute}`, before: String(before), after: String(after) });
  };
  compare('driver', found.driver, args.driver);
  compare('scope', found.scope, args.scope);
  compare('attachable', found.attachable, args.attachable);
  compare('internal', found.internal, args.internal);
  compare('ingress', found.ingress, args.ingress);
  compare('enable_ipv6', found.ipv6, args.enable_ipv6);
  diff.push(...subnetDrift(args, found));
  diff.push(...dictionaryDrift(args.name, 'driver_options', { ...USUAL[found.driver], ...found.options }, args.driver_options), ...dictionaryDrift(args.name, 'labels', found.labels, args.labels));
  return diff;
}

function subnetDrift(args: NetworkArgs, found: DockerNetwork): Diff[] {
  const wanted = wantedSubnets(args);
  const families = new Set(wanted.map(({ subnet }) => subnet.includes(':')));
  const relevant = found.subnets.filter(({ subnet }) => families.has(subnet.includes(':')));
  const same = relevant.length === wanted.length && wanted.every((one) => relevant.some((other) => covers(one, other)));
  return same ? [] : [{ what: `${args.name} subnet`, before: relevant.map(formatSubnet).join(', '), after: wanted.map(formatSubnet).join(', ') }];
}

/** Whether the found range is all that the wanted one says. */
function covers(wanted: Subnet, found: Subnet): boolean {
  if (wanted.subnet.toLowerCase() !== found.subnet.toLowerCase()) return false;
  if (wanted.gateway && wanted.gateway !== found.gateway) return false;
  if (wanted.ip_range && wanted.ip_range !== found.ip_range) return false;
  return Object.entries(wanted.aux_addresses ?? {}).every(([name, address]) => found.aux_addresses?.[name] === address);
}

/** `10.10.0.0/16 gateway 10.10.0.254`. */
export function formatSubnet({ subnet, gateway, ip_range, aux_addresses }: Subnet): string {
  const aux = aux_addresses && Object.keys(aux_addresses).length > 0 ? ` not ${formatDictionary(aux_addresses)}` : '';
  return `${subnet}${gateway ? ` gateway ${gateway}` : ''}${ip_range ? ` range ${ip_range}` : ''}${aux}`;
}

function dictionaryDrift(name: string, attribute: string, found: Record<string, string>, wanted: Record<string, string> = {}): Diff[] {
  const differing = Object.keys(wanted).filter((key) => found[key] !== wanted[key]);
  if (differing.length === 0) return [];
  const only = (values: Record<string, string>) => formatDictionary(Object.fromEntries(differing.filter((key) => key in values).map((key) => [key, values[key] as string])));
  return [{ what: `${name} ${attribute}`, before: only(found), after: only(wanted) }];
}
