import ipaddr from 'ipaddr.js';
import type { Diff } from '../../../model/events.ts';
import { differing } from '../api/attribute.ts';
import type { ContainerArgs, WantedNetwork } from './container-args.ts';
import type { ContainerState } from './container-state.ts';
import type { Endpoint, Inspected, World } from './inspected.ts';
import type { Attribute } from './attributes/attribute.ts';
import { comparisonOf, managed } from './attributes/table.ts';

/** What differs that only a new container can have. */
export function containerDrift(args: ContainerArgs, container: Inspected, state: ContainerState): Diff[] {
  const diff = imageDrift(args, container, state.imageId);
  const world: World = { ids: state.ids ?? {}, networks: state.networks, ...(state.image && { image: state.image }) };
  for (const attribute of managed(args)) {
    const { found, wanted, kind, comparison } = compared(attribute, args, container, world);
    const difference = differing(kind, comparison, found, wanted);
    if (difference) diff.push({ what: `${args.name} ${attribute.arg}`, ...difference });
  }
  const found = [
    container.Config.MacAddress,
    ...Object.values(endpointsOf(container)).map((one) => one.MacAddress),
  ] as (string | undefined)[];
  const mac = comparisonOf(args, 'mac_address', false) === 'ignore' ? undefined : args.mac_address;
  if (mac && !found.some((one) => one?.toLowerCase() === mac))
    diff.push({ what: `${args.name} mac_address`, before: found.filter(Boolean).join(' '), after: mac });
  return diff;
}

function compared(attribute: Attribute<ContainerArgs>, args: ContainerArgs, container: Inspected, world: World) {
  const { arg, in: part, key, kind, more = false, api, found, canon = (value: unknown) => value, image } = attribute;
  const given = args[arg] as never;
  const asked = api ? api(given, args) : given;
  const fromImage = image === undefined ? undefined : world.image?.[image];
  const comparison = comparisonOf(args, arg, more);
  const has = canon((found ? found(container, args, world) : container[part][key]) as never, world, args);
  let wants = canon(asked as never, world, args);
  if (kind === 'dictionary' && comparison === 'strict' && fromImage)
    wants = { ...(canon(fromImage as never, world, args) as object), ...(wants as object) };
  // With an entrypoint of its own the container does not get the image's command.
  else if (kind !== 'dictionary' && isEmpty(asked) && fromImage && !(arg === 'command' && args.entrypoint?.length))
    wants = canon(fromImage as never, world, args);
  return { kind, comparison, found: has, wanted: wants };
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** A network to join, to join in another way, or to leave. */
export interface NetworkDrift {
  name: string;
  wanted?: WantedNetwork;
  found?: Endpoint;
}

/** Networks that differ: these can be changed while the container runs. */
export function networkDrifts(args: ContainerArgs, container: Inspected, ids: Record<string, string>): NetworkDrift[] {
  const comparison = comparisonOf(args, 'networks', !args.purge_networks);
  if (!args.networks || comparison === 'ignore') return [];
  const endpoints = endpointsOf(container);
  const named = args.networks.map((one) => ({ ...one, name: nameOf(one.name, ids) }));
  const drifts: NetworkDrift[] = named
    .filter((one) => !joined(one, endpoints[one.name], ids[one.name], container.State.Running))
    .map((one) => ({
      name: one.name,
      wanted: one,
      ...(endpoints[one.name] && { found: endpoints[one.name] as Endpoint }),
    }));
  if (comparison === 'allow_more_present') return drifts;
  const others = Object.keys(endpoints).filter((name) => !named.some((one) => one.name === name));
  return [...drifts, ...others.map((name) => ({ name, found: endpoints[name] as Endpoint }))];
}

/** The name of a network that may be given by its id. */
function nameOf(network: string, ids: Record<string, string>): string {
  return Object.entries(ids).find(([, id]) => id === network)?.[0] ?? network;
}

/** A container's place in a network, or its wanted place, for a diff. */
export function formatEndpoint(place: WantedNetwork | Endpoint | undefined): string | null {
  if (!place) return null;
  const parts =
    'aliases' in place
      ? [place.ipv4_address, place.ipv6_address, ...place.aliases]
      : [(place as Endpoint).IPAddress, (place as Endpoint).GlobalIPv6Address];
  return parts.filter(Boolean).join(' ') || 'connected';
}

export function endpointsOf(container: Inspected): Record<string, Endpoint> {
  return container.NetworkSettings.Networks ?? {};
}

/** Whether the container is in the network as wanted, and in the one that now has the name. */
function joined(wanted: WantedNetwork, found: Endpoint | undefined, id: string | undefined, running: boolean): boolean {
  if (!found) return false;
  if (id && found.NetworkID && found.NetworkID !== id) return false;
  if (running && wanted.name !== 'host' && wanted.name !== 'none' && !found.IPAddress && !found.GlobalIPv6Address)
    return false;
  if (wanted.ipv4_address && !sameIp(wanted.ipv4_address, found.IPAMConfig?.IPv4Address)) return false;
  if (wanted.ipv6_address && !sameIp(wanted.ipv6_address, found.IPAMConfig?.IPv6Address)) return false;
  return wanted.aliases.every((alias) => found.Aliases?.includes(alias));
}

function sameIp(wanted: string, found: string | undefined): boolean {
  return (
    found !== undefined && ipaddr.isValid(found) && ipaddr.parse(found).toString() === ipaddr.parse(wanted).toString()
  );
}

function imageDrift(
  { image, name, comparisons }: ContainerArgs,
  { Image, Config }: Inspected,
  imageId: string | undefined,
): Diff[] {
  if (
    !image ||
    (comparisons.image ?? comparisons['*']) === 'ignore' ||
    (imageId ? imageId === Image : Config.Image === image)
  )
    return [];
  const before = Config.Image === image ? `${image} (${short(Image)})` : String(Config.Image);
  return [
    {
      what: `${name} image`,
      before,
      after: Config.Image === image && imageId ? `${image} (${short(imageId)})` : image,
    },
  ];
}

function short(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
