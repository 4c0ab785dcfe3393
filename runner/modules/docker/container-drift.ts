import type { Diff } from '../../events.ts';
import type { ContainerArgs, WantedNetwork } from './container-args.ts';
import { managedAttributes } from './container-attributes.ts';
import type { ContainerState, Endpoint, Inspected } from './container-state.ts';

/** What differs that only a new container mends. */
export function containerDrift(args: ContainerArgs, container: Inspected, state: ContainerState): Diff[] {
  const diff = imageDrift(args, container, state.imageId);
  for (const { attribute, value } of managedAttributes(args)) {
    const before = attribute.show(container[attribute.in][attribute.key], value);
    const after = attribute.show(value, value);
    if (before !== after) diff.push({ what: `${args.name} ${attribute.arg}`, before, after });
  }
  const mac = args.mac_address?.toLowerCase();
  const found = [container.Config.MacAddress, ...Object.values(endpointsOf(container)).map((one) => one.MacAddress)] as (string | undefined)[];
  if (mac && !found.some((one) => one?.toLowerCase() === mac)) diff.push({ what: `${args.name} mac_address`, before: found.filter(Boolean).join(' '), after: mac });
  return diff;
}

/** A network to join, to join in another way, or to leave. */
export interface NetworkDrift {
  name: string;
  wanted?: WantedNetwork;
  found?: Endpoint;
}

/** Networks that differ: these can be mended while the container runs. */
export function networkDrifts(args: ContainerArgs, container: Inspected, ids: Record<string, string>): NetworkDrift[] {
  const endpoints = endpointsOf(container);
  const wanted = args.networks ?? [];
  const drifts: NetworkDrift[] = wanted
    .filter((one) => !joined(one, endpoints[one.name], ids[one.name], container.State.Running))
    .map((one) => ({ name: one.name, wanted: one, ...(endpoints[one.name] && { found: endpoints[one.name] as Endpoint }) }));
  if (!args.purge_networks || !args.networks) return drifts;
  const others = Object.keys(endpoints).filter((name) => !wanted.some((one) => one.name === name));
  return [...drifts, ...others.map((name) => ({ name, found: endpoints[name] as Endpoint }))];
}

/** A container's place in a network, or its wanted place, for a diff. */
export function formatEndpoint(place: WantedNetwork | Endpoint | undefined): string | null {
  if (!place) return null;
  const parts = 'aliases' in place ? [place.ipv4_address, place.ipv6_address, ...place.aliases] : [(place as Endpoint).IPAddress, (place as Endpoint).GlobalIPv6Address];
  return parts.filter(Boolean).join(' ') || 'connected';
}

export function endpointsOf(container: Inspected): Record<string, Endpoint> {
  return container.NetworkSettings.Networks ?? {};
}

/** Whether the container is in the network as wanted, and in the one that now has the name. */
function joined(wanted: WantedNetwork, found: Endpoint | undefined, id: string | undefined, running: boolean): boolean {
  if (!found) return false;
  if (id && found.NetworkID && found.NetworkID !== id) return false;
  if (running && !found.IPAddress && !found.GlobalIPv6Address) return false;
  if (wanted.ipv4_address && wanted.ipv4_address !== found.IPAMConfig?.IPv4Address) return false;
  if (wanted.ipv6_address && wanted.ipv6_address !== found.IPAMConfig?.IPv6Address) return false;
  return wanted.aliases.every((alias) => found.Aliases?.includes(alias));
}

function imageDrift({ image, name }: ContainerArgs, { Image, Config }: Inspected, imageId: string | undefined): Diff[] {
  if (!image || (imageId ? imageId === Image : Config.Image === image)) return [];
  const before = Config.Image === image ? `${image} (${short(Image)})` : String(Config.Image);
  return [{ what: `${name} image`, before, after: Config.Image === image && imageId ? `${image} (${short(imageId)})` : image }];
}

function short(id: string): string {
  return id.replace('sha256:', '').slice(0, 12);
}
