import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import { asking, troubleOf } from './reach.ts';
import type { Trouble } from './reach.ts';

/** One range of a network's addresses. */
export interface Subnet {
  subnet: string;
  gateway?: string;
  ip_range?: string;
  aux_addresses?: Record<string, string>;
}

export interface DockerNetwork {
  id: string;
  driver: string;
  scope: string;
  attachable: boolean;
  internal: boolean;
  ingress: boolean;
  ipv6: boolean;
  subnets: Subnet[];
  options: Record<string, string>;
  labels: Record<string, string>;
  /** Addresses by the name of the container. */
  containers: Record<string, string>;
  /** Those of them that are on other hosts, which only networks in a store tell. */
  elsewhere?: string[];
}

/** All networks of a name; where there is none, what the host can make. */
export interface NetworkState {
  networks: DockerNetwork[];
  swarm?: 'manager' | 'worker' | 'none';
  /** Docker before 23.0 keeps overlay networks in an external store, where it was given one. */
  store?: string;
}

/** A host that has none, and may have no swarm. */
export const NO_NETWORK: NetworkState = { networks: [], swarm: 'none' };

interface Inspected {
  Id: string;
  Driver: string;
  Scope: string;
  Attachable: boolean;
  Internal: boolean;
  Ingress: boolean;
  EnableIPv6: boolean;
  IPAM: { Config: { Subnet: string; Gateway?: string; IPRange?: string; AuxiliaryAddresses?: Record<string, string> }[] | null };
  Options: Record<string, string> | null;
  Labels: Record<string, string> | null;
  Containers: Record<string, { Name: string; IPv4Address: string; IPv6Address: string }> | null;
}

interface Info {
  Swarm: { LocalNodeState: string; ControlAvailable: boolean };
  ClusterStore?: string;
}

/** Networks of a swarm have ids of 25 digits to the base 36 (swarmkit, identity.NewID), others 64 hexadecimal ones. */
export function isOfSwarm(id: string): boolean {
  return /^[0-9a-z]{25}$/.test(id);
}

/** Reads every network called `name`; names are not unique to Docker. {@link parseNetworks} understands it. */
export function probeNetworks(name: string): Script {
  // The filter means a regular expression for the host's networks and a prefix for those of the swarm.
  const list = sh`found=$(docker network ls --no-trunc --filter ${`name=${name}`} --format '{{.ID}} {{.Name}}') || exit
ids=$(printf '%s\\n' "$found" | while read -r id name; do [ "$name" = ${name} ] && echo "$id"; done)`;
  // A swarm's network leaves a worker with its last container, perhaps between the list and the look: then list again.
  return asking(sh`tries=0
while :; do
${list}
if [ -z "$ids" ]; then ${raw("docker info --format 'info={{json .}}'")}; break; fi
said=$(docker network inspect --format '{{json .}}' $ids 2>&1) && { printf '%s\\n' "$said"; break; }
tries=$((tries+1))
case $said in *'o such network'*|*'not found'*) [ $tries -lt 5 ] ;; *) false ;; esac || { printf '%s\\n' "$said" >&2; exit 1; }
done`);
}

/** What {@link probeNetworks} printed. Throws for output it cannot understand. */
export function parseNetworks(probe: ProbeResult): NetworkState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const info = /^info=(.*)$/m.exec(probe.stdout)?.[1];
  if (info === undefined) return { networks: probe.stdout.split('\n').filter(Boolean).map((line) => networkOf(JSON.parse(line) as Inspected)) };
  const { Swarm, ClusterStore } = JSON.parse(info) as Info;
  const swarm = Swarm.LocalNodeState !== 'active' ? 'none' : Swarm.ControlAvailable ? 'manager' : 'worker';
  return { networks: [], swarm, ...(ClusterStore && { store: ClusterStore }) };
}

function networkOf(found: Inspected): DockerNetwork {
  const containers = Object.values(found.Containers ?? {}).map((one) => [one.Name, (one.IPv4Address || one.IPv6Address).replace(/\/.*/, '')]);
  // A container that runs here is listed by its id, others by their endpoints (moby, buildContainerAttachments).
  const elsewhere = Object.entries(found.Containers ?? {}).flatMap(([key, { Name }]) => (key.startsWith('ep-') ? [Name] : []));
  return {
    id: found.Id,
    driver: found.Driver,
    scope: found.Scope,
    attachable: found.Attachable,
    internal: found.Internal,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    subnets: (found.IPAM.Config ?? []).map((range) => ({
      subnet: range.Subnet,
      ...(range.Gateway && { gateway: range.Gateway.replace(/\/.*/, '') }),
      ...(range.IPRange && { ip_range: range.IPRange }),
      ...(range.AuxiliaryAddresses && { aux_addresses: range.AuxiliaryAddresses }),
    })),
    options: found.Options ?? {},
    labels: found.Labels ?? {},
    containers: Object.fromEntries(containers) as Record<string, string>,
    ...(elsewhere.length > 0 && { elsewhere }),
  };
}
