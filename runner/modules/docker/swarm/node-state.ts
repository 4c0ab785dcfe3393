import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { dockerJson, expectAll } from '../api/docker-json.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

/** One entry of a swarm's list of nodes. */
export interface SwarmNode {
  id: string;
  hostname: string;
  role: 'manager' | 'worker';
  availability: 'active' | 'pause' | 'drain';
  labels: Record<string, string>;
  /** `ready`, `down`, `unknown`, `disconnected`. */
  status: string;
  addr: string;
  /** Only of managers: `reachable`, or why it is not. */
  reachability?: string;
}

/** What the asked host knows of nodes; workers know nothing. */
export interface NodeState {
  manager: boolean;
  nodes: SwarmNode[];
}

interface Inspected {
  id: string;
  spec: { Labels: Record<string, string> | null; Role: SwarmNode['role']; Availability: SwarmNode['availability'] };
  hostname: string;
  status: { State: string; Addr?: string };
  manager: { Reachability?: string; Addr?: string } | null;
}

const FORMAT =
  '{"id":{{json .ID}},"spec":{{json .Spec}},"hostname":{{json .Description.Hostname}},"status":{{json .Status}},"manager":{{json .ManagerStatus}}}';

/** Reads the nodes whose hostname begins with `name`, or whose id it is; {@link parseNodes} understands it. */
export function probeNodes(name: string): Script {
  return asking(sh`ids=$(docker node ls -q --filter ${`name=${name}`} && docker node ls -q --filter ${`id=${name}`}) || exit
if [ -z "$ids" ]; then said=$(docker node inspect --format '{{.ID}}' ${name} 2>&1); case $?:$said in 1:*'o such node'*|1:*'not found'*|1:*ambiguous*) ;; *) echo "docker node ls does not list all nodes: $said" >&2; exit 1 ;; esac
else printf 'asked-node=%s\\n' $ids; docker node inspect --format ${FORMAT} $ids; fi`);
}

/** What {@link probeNodes} printed. Throws for output it cannot understand. */
export function parseNodes(probe: ProbeResult): NodeState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (/not a swarm manager|not part of a swarm/i.test(probe.stderr)) return { manager: false, nodes: [] };
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const lines = probe.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('asked-node='));
  const nodes = lines.map((line) => nodeOf(dockerJson<Inspected>(line)));
  expectAll(probe.stdout, 'asked-node', nodes);
  // One may be found by its name and by its id.
  return { manager: true, nodes: nodes.filter(({ id }, i) => nodes.findIndex((one) => one.id === id) === i) };
}

function nodeOf({ id, hostname, spec, status, manager }: Inspected): SwarmNode {
  return {
    id,
    hostname,
    role: spec.Role,
    availability: spec.Availability,
    labels: spec.Labels ?? {},
    status: status.State,
    // A manager knows itself by 0.0.0.0 at times; the address that it advertises is the right one.
    addr: manager?.Addr?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') || status.Addr || '',
    ...(manager && { reachability: manager.Reachability ?? 'unknown' }),
  };
}
