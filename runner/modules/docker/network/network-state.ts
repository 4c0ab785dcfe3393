import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { dockerJson, expectAll } from '../api/docker-json.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

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
  /** What uses it: containers of this host, running or not, and services of the swarm. Only where it may have to go. */
  users?: string[];
  /** What gives out its addresses, and with which options. */
  ipam?: { driver: string; options: Record<string, string> };
  /** Those of the containers that are on other hosts, which only networks in a store report. */
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
  IPAM: {
    Driver?: string;
    Options?: Record<string, string> | null;
    Config:
      | { Subnet: string; Gateway?: string; IPRange?: string; AuxiliaryAddresses?: Record<string, string> }[]
      | null;
  };
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

/**
 * Reads every network called `name`; names are not unique to Docker. {@link parseNetworks} understands it.
 *
 * @param users whether to ask what uses them: `docker network inspect` lists running containers only
 */
export function probeNetworks(name: string, users: boolean): Script {
  // The filter means a regular expression for the host's networks and a prefix for those of the swarm.
  const list = sh`found=$(docker network ls --no-trunc --filter ${`name=${name}`} --format '{{.ID}} {{.Name}}') || exit
ids=$(printf '%s\\n' "$found" | while read -r id name; do [ "$name" = ${name} ] && echo "$id"; done)`;
  const services =
    raw(`case $said in *'"Scope":"swarm"'*) services=$(docker service ls -q 2>&1) || case $services in *'not a swarm manager'*|*'not part of a swarm'*) services= ;; *) printf '%s\\n' "$services" >&2; exit 1 ;; esac
if [ "$services" ]; then printf 'asked-service=%s\\n' $services; docker service inspect --format 'service={"ID":{{json .ID}},"Spec":{{json .Spec}}}' $services || exit; fi ;; esac`);
  // A swarm's network leaves a worker with its last container, perhaps between the list and the look: then list again.
  return asking(sh`tries=0
while :; do
${list}
if [ -z "$ids" ]; then said=$(docker network inspect --format '{{.Name}}' ${name} 2>&1); case $?:$said in
# The list was not complete, or it has been made since.
0:${name}) tries=$((tries+1)); [ $tries -lt 5 ] || { echo 'docker network ls does not list all networks' >&2; exit 1; }; continue ;;
0:*|1:*'o such network'*|1:*'not found'*) ${raw("docker info --format 'info={{json .}}' || exit")}; break ;;
*) printf '%s\\n' "$said" >&2; exit 1 ;;
esac; fi
if said=$(docker network inspect --format 'network={{json .}}' $ids 2>&1); then
printf 'asked-network=%s\\n' $ids; printf '%s\\n' "$said"
${users && raw(`for id in $ids; do docker ps --all --no-trunc --filter network="$id" --format 'user={"id":"'"$id"'","name":{{json .Names}}}' || exit; done`)}
${users && services}
break; fi
tries=$((tries+1))
case $said in *'o such network'*|*'not found'*) [ $tries -lt 5 ] ;; *) false ;; esac || { printf '%s\\n' "$said" >&2; exit 1; }
done`);
}

interface ServiceSpec {
  Name: string;
  Networks?: { Target: string }[] | null;
  TaskTemplate?: { Networks?: { Target: string }[] | null };
}

/** What {@link probeNetworks} printed. Throws for output it cannot understand. */
export function parseNetworks(probe: ProbeResult, { name }: { name: string }): NetworkState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const lines = <T>(key: string) =>
    [...probe.stdout.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map((match) => dockerJson<T>(match[1] as string));
  const networks = lines<Inspected>('network').map(networkOf);
  const found = lines<{ ID: string; Spec: ServiceSpec }>('service');
  expectAll(probe.stdout, 'asked-network', networks);
  expectAll(probe.stdout, 'asked-service', found);
  const services = found.map(({ Spec }) => Spec);
  const users = lines<{ id: string; name: string }>('user');
  for (const network of networks) {
    const used = [
      ...users.filter(({ id }) => id === network.id).map((one) => one.name),
      ...services
        .filter((one) =>
          [...(one.Networks ?? []), ...(one.TaskTemplate?.Networks ?? [])].some(
            ({ Target }) => Target === network.id || Target === name,
          ),
        )
        .map((one) => `service ${one.Name}`),
    ];
    if (used.length > 0) network.users = used;
  }
  if (networks.length > 0) return { networks };
  const [info] = lines<Info>('info');
  if (!info) throw new Error('neither a network nor the state of Docker was printed');
  const { Swarm, ClusterStore } = info;
  const swarm = Swarm.LocalNodeState !== 'active' ? 'none' : Swarm.ControlAvailable ? 'manager' : 'worker';
  return { networks: [], swarm, ...(ClusterStore && { store: ClusterStore }) };
}

function networkOf(found: Inspected): DockerNetwork {
  const containers = Object.values(found.Containers ?? {}).map((one) => [
    one.Name,
    (one.IPv4Address || one.IPv6Address).replace(/\/.*/, ''),
  ]);
  // A container that runs here is listed by its id, others by their endpoints (moby, buildContainerAttachments).
  const elsewhere = Object.entries(found.Containers ?? {}).flatMap(([key, { Name }]) =>
    key.startsWith('ep-') ? [Name] : [],
  );
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
    ...(found.IPAM.Driver && { ipam: { driver: found.IPAM.Driver, options: found.IPAM.Options ?? {} } }),
    ...(elsewhere.length > 0 && { elsewhere }),
  };
}
