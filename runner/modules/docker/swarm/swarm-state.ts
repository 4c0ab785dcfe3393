import { X509Certificate } from 'node:crypto';
import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { dockerJson } from '../api/docker-json.ts';
import type { DecideContext, ProbeResult, Result } from '../../../model/module.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

/** What a host knows of the swarm it is in. */
export interface SwarmState {
  /** Docker's own words. */
  state: 'inactive' | 'pending' | 'active' | 'error' | 'locked';
  version: string;
  /** By which the other nodes know it. */
  hostname?: string;
  liveRestore: boolean;
  /** Only managers lock themselves. */
  manager: boolean;
  /** Why the state is `error`, in Docker's words; also set where a manager has lost its quorum. */
  error?: string;
  nodeId?: string;
  nodeAddr?: string;
  /** `ADDRESS:PORT` of the managers this node knows. */
  managers?: string[];
  /** Not known where Docker's directory may not be read, on a worker. */
  clusterId?: string;
  nodes?: number;
  /** As the node was given them when it joined; only where Docker's directory may be read. */
  advertiseAddr?: string;
  listenAddr?: string;
  dataPathAddr?: string;
  /** Addresses of the interface that `advertise_addr` names. */
  advertised?: string[];
  /** The interface of Docker's own that has the address `advertise_addr`. */
  bridge?: string;
  /** It asked to join, and got no certificate: it has never been in that swarm. Known where Docker's directory may be read. */
  halfMade?: true;
  /** Ids of the nodes that a manager knows. */
  nodeIds?: string[];
  /** What the host would take with it on leaving: services and networks of the swarm, containers in its networks. */
  belongings?: Belonging[];
  settings?: SwarmSettings;
  tokens?: { worker: string; manager: string };
  unlockKey?: string;
  /** In a plan: it was in another swarm before, or is in none any more, and the networks of that one go. */
  left?: true;
}

/** Something that ends when a node leaves its swarm. */
export interface Belonging {
  what: string;
  labels: Record<string, string>;
}

/** Settings of the whole swarm, which its managers know. */
export interface SwarmSettings {
  addrPools: string[];
  subnetSize: number;
  dataPathPort: number;
  autolock: boolean;
  taskHistory: number;
  /** Nanoseconds. */
  certExpiry: number;
  heartbeat: number;
}

/** A host that is in no swarm. */
export function outside(
  { version, hostname, liveRestore }: Pick<SwarmState, 'version' | 'hostname' | 'liveRestore'> = {
    version: '',
    liveRestore: false,
  },
): SwarmState {
  return { state: 'inactive', version, ...(hostname && { hostname }), liveRestore, manager: false };
}

/** Whether a task before this one would have the host leave its swarm, with all networks of that swarm. */
export function leavesSwarm({ check, planned }: DecideContext): boolean {
  return check && (planned('docker_swarm') as SwarmState | undefined)?.left === true;
}

interface Info {
  version: string;
  name: string;
  liveRestore: boolean;
  swarm: {
    NodeID: string;
    NodeAddr: string;
    LocalNodeState: string;
    ControlAvailable: boolean;
    Error: string;
    RemoteManagers: { Addr: string }[] | null;
    Nodes?: number;
    Cluster?: Cluster | null;
  };
}

interface Cluster {
  ID: string;
  Spec: {
    Orchestration: { TaskHistoryRetentionLimit?: number };
    Dispatcher: { HeartbeatPeriod?: number };
    CAConfig: { NodeCertExpiry?: number };
    EncryptionConfig: { AutoLockManagers: boolean };
  };
  DefaultAddrPool: string[] | null;
  SubnetSize: number;
  DataPathPort: number;
}

const FORMAT =
  '{"version":{{json .ServerVersion}},"name":{{json .Name}},"liveRestore":{{json .LiveRestoreEnabled}},"swarm":{{json .Swarm}}}\n{{.DockerRootDir}}';

/** What {@link probeSwarm} reads besides the state. */
export interface SwarmQuestions {
  /** The tokens for joining, on managers. */
  tokens?: boolean;
  /** Address or interface that is to be advertised. */
  advertise?: string | undefined;
  /** What leaving would take away. */
  belongings?: boolean;
}

const BELONGINGS = raw(`case $info in *'"ControlAvailable":true'*)
services=$(docker service ls -q) || exit; [ -z "$services" ] || docker service inspect --format 'own={"what":"service {{.Spec.Name}}","labels":{{json .Spec.Labels}}}' $services || exit;; esac
networks=$(docker network ls -q --filter scope=swarm) || exit
[ -z "$networks" ] || docker network inspect --format '{{if not .Ingress}}{{if not (index .Labels "com.docker.swarm.predefined")}}own={"what":"network {{.Name}}","labels":{{json .Labels}}}{{end}}{{end}}' $networks || exit
for id in $networks; do set -- $(docker ps -aq --no-trunc --filter network="$id" --filter label=com.docker.swarm.task.id || echo failed); tasks=" $* "
all=$(docker ps -aq --no-trunc --filter network="$id") || exit; case $tasks in *' failed '*) exit 1;; esac
for one in $all; do case $tasks in *" $one "*) ;; *) docker container inspect --format 'own={"what":"container {{slice .Name 1}}","labels":{{json .Config.Labels}}}' "$one" || exit;; esac; done; done`);

/**
 * Reads what {@link parseSwarm} understands. A worker does not report the id of the swarm, but its certificate does.
 */
export function probeSwarm({ tokens, advertise, belongings }: SwarmQuestions): Script {
  const [device, address] = [
    interfaceOf(advertise),
    advertise === undefined || interfaceOf(advertise)
      ? undefined
      : advertise.replace(/^\[?([\da-f.:]+?)\]?(:\d+)?$/i, '$1'),
  ];
  const secrets = `if worker=$(docker swarm join-token -q worker) && manager=$(docker swarm join-token -q manager); then echo "worker=$worker"; echo "manager=$manager"; else unless_lost; fi
case $info in *'"AutoLockManagers":true'*) if key=$(docker swarm unlock-key -q); then echo "unlock=$key"; else unless_lost; fi;; esac`;
  return asking(sh`nl='\n'; info=$(docker info --format ${FORMAT}) || exit
case $info in *"$nl"/*) ;; *) echo 'docker info printed only a part' >&2; exit 1 ;; esac
root=\${info##*"$nl"}; printf 'info=%s\\n' "\${info%"$nl"*}"
if [ -r "$root/swarm/docker-state.json" ] && [ -s "$root/swarm/docker-state.json" ]; then joined=$(cat "$root/swarm/docker-state.json") || exit; printf 'joined=%s\\n' "$joined"; fi
${device !== undefined && addresses(['dev', device], 'inet|inet6', 'advertised=${x%%/*}')}
${address !== undefined && addresses(['to', address], 'docker*|br-' + '[0-9a-f]'.repeat(12), 'bridge=$n')}
# A manager that has lost its quorum, which \`docker info\` reports as an error, knows none of this.
unless_lost() { case $info in *'"Error":""'*) exit 1 ;; esac; }
case $info in *'"ControlAvailable":true'*) if ids=$(docker node ls -q); then echo "nodes=$(echo $ids)"; else unless_lost; fi
${tokens && raw(secrets)}
;; esac
${belongings && sh`case $info in *'"LocalNodeState":"active"'*) ${BELONGINGS} ;; esac`}
if [ -r "$root/swarm/certificates/swarm-node.crt" ]; then cat "$root/swarm/certificates/swarm-node.crt" || exit
elif [ -r "$root/swarm" ]; then echo certificate=none; fi`);
}

/** Prints `shown` of each address of those whose interface (`$n`) or family (`$f`) is like `pattern`; `$x` is the address. */
function addresses(which: string[], pattern: string, shown: string): Script {
  const none = `*'does not exist'*|*'Cannot find device'*|*"can't find device"*`;
  return sh`if command -v ip >/dev/null; then a=$(ip -o addr show ${which} 2>&1) || case $a in ${raw(none)}) a= ;; *) printf '%s\\n' "$a" >&2; exit 1 ;; esac
printf '%s\\n' "$a" | while read -r _ n f x _; do case $n in ${raw(pattern)}) echo "${raw(shown)}" ;; *) case $f in ${raw(pattern)}) echo "${raw(shown)}" ;; esac ;; esac; done; fi`;
}

/** The interface that an address argument names, where it is none. */
function interfaceOf(address: string | undefined): string | undefined {
  const name = address?.replace(/:\d+$/, '');
  return name && /^[a-z][\w.-]*$/i.test(name) && !/^[\da-f]*:/i.test(name) ? name : undefined;
}

/** What {@link probeSwarm} printed. Throws for output it cannot understand. */
export function parseSwarm(probe: ProbeResult): SwarmState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(probe.stdout)?.[1];
  const { version, name, liveRestore, swarm } = dockerJson<Info>(value('info') ?? '');
  const state: SwarmState = {
    state: swarm.LocalNodeState as SwarmState['state'],
    version,
    hostname: name,
    liveRestore,
    manager: swarm.ControlAvailable || swarm.LocalNodeState === 'locked',
  };
  const clusterId = swarm.Cluster?.ID || certifiedCluster(probe.stdout);
  const joined = value('joined');
  const advertised = [...probe.stdout.matchAll(/^advertised=(.+)$/gm)].map((match) => match[1] as string);
  const [worker, manager, unlockKey] = [value('worker'), value('manager'), value('unlock')];
  if (swarm.Error) state.error = swarm.Error;
  if (swarm.NodeID) Object.assign(state, { nodeId: swarm.NodeID, nodeAddr: swarm.NodeAddr });
  if (swarm.RemoteManagers) state.managers = swarm.RemoteManagers.map((one) => one.Addr).sort();
  if (state.state !== 'inactive' && clusterId) state.clusterId = clusterId;
  if (swarm.Cluster) Object.assign(state, { nodes: swarm.Nodes, settings: settingsOf(swarm.Cluster) });
  if (state.state !== 'inactive' && joined) Object.assign(state, joinedOf(joined));
  if (advertised.length > 0) state.advertised = advertised;
  const [bridge, nodes] = [value('bridge'), value('nodes')];
  if (bridge) state.bridge = bridge;
  if (nodes !== undefined) state.nodeIds = nodes.split(' ').filter(Boolean);
  if (state.nodeIds && state.nodeIds.length < (swarm.Nodes ?? 0))
    throw new Error(`docker knows ${swarm.Nodes} nodes and listed ${state.nodeIds.length}`);
  const joining = joined !== undefined && dockerJson<{ JoinInProgress?: boolean }>(joined).JoinInProgress === true;
  if ((value('certificate') === 'none' || joining) && ['pending', 'error'].includes(state.state)) state.halfMade = true;
  const belongings = [...probe.stdout.matchAll(/^own=(.+)$/gm)].map((match) =>
    dockerJson<{ what: string; labels: Record<string, string> | null }>(match[1] as string),
  );
  if (belongings.length > 0) state.belongings = belongings.map(({ what, labels }) => ({ what, labels: labels ?? {} }));
  if ([worker, manager, unlockKey].includes('')) throw new Error('docker printed no token or key');
  if (worker && manager) state.tokens = { worker, manager };
  if (unlockKey) state.unlockKey = unlockKey;
  return state;
}

/** What tasks may read of the state by `register`. */
export function swarmResult(state: SwarmState): Result {
  const { state: local, manager, clusterId, nodeId, nodeAddr, managers = [], tokens, unlockKey, error } = state;
  const active = local === 'active' || local === 'locked';
  return {
    active,
    state: local,
    hostname: state.hostname ?? '',
    docker_version: state.version,
    role: active ? (manager ? 'manager' : 'worker') : 'none',
    cluster_id: clusterId ?? '',
    node_id: nodeId ?? '',
    node_addr: nodeAddr ?? '',
    managers,
    ...(state.nodeIds && { node_ids: state.nodeIds }),
    ...(state.nodes !== undefined && { nodes: state.nodes }),
    ...(tokens && { join_tokens: tokens }),
    ...(unlockKey && { unlock_key: unlockKey }),
    ...(error && { error }),
  };
}

function settingsOf({ Spec, DefaultAddrPool, SubnetSize, DataPathPort }: Cluster): SwarmSettings {
  return {
    addrPools: DefaultAddrPool ?? [],
    subnetSize: SubnetSize,
    dataPathPort: DataPathPort,
    autolock: Spec.EncryptionConfig.AutoLockManagers,
    taskHistory: Spec.Orchestration.TaskHistoryRetentionLimit ?? 5,
    certExpiry: Spec.CAConfig.NodeCertExpiry ?? 0,
    heartbeat: Spec.Dispatcher.HeartbeatPeriod ?? 0,
  };
}

function joinedOf(json: string): Pick<SwarmState, 'advertiseAddr' | 'listenAddr' | 'dataPathAddr'> {
  const joined = dockerJson<{ AdvertiseAddr?: string; ListenAddr?: string; DataPathAddr?: string }>(json);
  return {
    advertiseAddr: joined.AdvertiseAddr ?? '',
    listenAddr: joined.ListenAddr ?? '',
    dataPathAddr: joined.DataPathAddr ?? '',
  };
}

/** The organisation in a node's certificate is the id of its swarm. */
function certifiedCluster(text: string): string | undefined {
  if (/-----BEGIN CERTIFICATE-----(?![\s\S]*-----END CERT)/.test(text))
    throw new Error('the certificate of the node did not arrive completely');
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text)?.[0];
  return pem && /^O=(.+)$/m.exec(new X509Certificate(pem).subject)?.[1];
}
