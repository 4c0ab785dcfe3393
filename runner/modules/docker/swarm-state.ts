import { X509Certificate } from 'node:crypto';
import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { DecideContext, ProbeResult, Result } from '../module.ts';
import { asking, troubleOf } from './reach.ts';
import type { Trouble } from './reach.ts';

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
  /** As the node was told them when it joined; only where Docker's directory may be read. */
  advertiseAddr?: string;
  listenAddr?: string;
  dataPathAddr?: string;
  /** Addresses of the interface that `advertise_addr` names. */
  advertised?: string[];
  settings?: SwarmSettings;
  tokens?: { worker: string; manager: string };
  unlockKey?: string;
  /** In a plan: it was in another swarm before, or is in none any more, and the networks of that one go. */
  left?: true;
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
export function outside({ version, hostname, liveRestore }: Pick<SwarmState, 'version' | 'hostname' | 'liveRestore'> = { version: '', liveRestore: false }): SwarmState {
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

const FORMAT = '{"version":{{json .ServerVersion}},"name":{{json .Name}},"liveRestore":{{json .LiveRestoreEnabled}},"swarm":{{json .Swarm}}}\n{{.DockerRootDir}}';

/**
 * Reads what {@link parseSwarm} understands. A worker does not tell the swarm's id, but its certificate does.
 *
 * @param advertise the interface whose addresses are wanted
 */
export function probeSwarm({ tokens, advertise }: { tokens?: boolean; advertise?: string | undefined }): Script {
  const secrets = `case $info in *'"ControlAvailable":true'*)
echo "worker=$(docker swarm join-token -q worker 2>/dev/null)"; echo "manager=$(docker swarm join-token -q manager 2>/dev/null)"
case $info in *'"AutoLockManagers":true'*) echo "unlock=$(docker swarm unlock-key -q 2>/dev/null)";; esac;; esac`;
  return asking(sh`nl='\n'; info=$(docker info --format ${FORMAT}) || exit
root=\${info##*"$nl"}; printf 'info=%s\\n' "\${info%"$nl"*}"
[ -r "$root/swarm/docker-state.json" ] && printf 'told=%s\\n' "$(cat "$root/swarm/docker-state.json")"
${advertise !== undefined && sh`ip -o addr show dev ${advertise} 2>/dev/null | sed -n 's/.* inet6\\{0,1\\} \\([^ /]*\\).*/advertised=\\1/p'`}
${tokens && raw(secrets)}
if [ -r "$root/swarm/certificates/swarm-node.crt" ]; then cat "$root/swarm/certificates/swarm-node.crt"; fi`);
}

/** What {@link probeSwarm} printed. Throws for output it cannot understand. */
export function parseSwarm(probe: ProbeResult): SwarmState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(probe.stdout)?.[1];
  const { version, name, liveRestore, swarm } = JSON.parse(value('info') ?? '') as Info;
  const state: SwarmState = { state: swarm.LocalNodeState as SwarmState['state'], version, hostname: name, liveRestore, manager: swarm.ControlAvailable || swarm.LocalNodeState === 'locked' };
  const clusterId = swarm.Cluster?.ID || certifiedCluster(probe.stdout);
  const told = value('told');
  const advertised = [...probe.stdout.matchAll(/^advertised=(.+)$/gm)].map((match) => match[1] as string);
  const [worker, manager, unlockKey] = [value('worker'), value('manager'), value('unlock')];
  if (swarm.Error) state.error = swarm.Error;
  if (swarm.NodeID) Object.assign(state, { nodeId: swarm.NodeID, nodeAddr: swarm.NodeAddr });
  if (swarm.RemoteManagers) state.managers = swarm.RemoteManagers.map((one) => one.Addr).sort();
  if (state.state !== 'inactive' && clusterId) state.clusterId = clusterId;
  if (swarm.Cluster) Object.assign(state, { nodes: swarm.Nodes, settings: settingsOf(swarm.Cluster) });
  if (state.state !== 'inactive' && told) Object.assign(state, toldOf(told));
  if (advertised.length > 0) state.advertised = advertised;
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

function toldOf(json: string): Pick<SwarmState, 'advertiseAddr' | 'listenAddr' | 'dataPathAddr'> {
  const told = JSON.parse(json) as { AdvertiseAddr?: string; ListenAddr?: string; DataPathAddr?: string };
  return { advertiseAddr: told.AdvertiseAddr ?? '', listenAddr: told.ListenAddr ?? '', dataPathAddr: told.DataPathAddr ?? '' };
}

/** The organisation in a node's certificate is the id of its swarm. */
function certifiedCluster(text: string): string | undefined {
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text)?.[0];
  return pem && /^O=(.+)$/m.exec(new X509Certificate(pem).subject)?.[1];
}
