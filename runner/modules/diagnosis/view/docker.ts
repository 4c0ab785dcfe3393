import { json, said } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import type { DockerView, NetworkView, NodeView } from './view.ts';

/** What `docker info --format '{{json .}}'` prints; only what is used here. */
interface Info {
  ID?: string;
  ServerVersion?: string;
  ServerErrors?: string[];
  Swarm?: {
    LocalNodeState?: string;
    Error?: string;
    NodeID?: string;
    NodeAddr?: string;
    ControlAvailable?: boolean;
    Cluster?: { ID?: string };
  };
}

interface Node {
  ID: string;
  Spec?: { Role?: string };
  Description?: { Hostname?: string };
  Status?: { State?: string; Addr?: string };
  ManagerStatus?: { Reachability?: string; Addr?: string };
}

interface Network {
  Name: string;
  Id: string;
  Driver: string;
  IPAM?: { Config?: { Subnet?: string }[] | null };
  Options?: Record<string, string> | null;
  Peers?: { IP: string }[] | null;
}

/** Lines of the daemon's log that are about networks. */
const ABOUT_NETWORKS =
  /network|vxlan|overlay|memberlist|peer|resolv|subnet|iptables|endpoint|sandbox|swarm|raft|certificate|x509/i;

/** What Docker is like on a host, the nodes left out. */
export function dockerOf(out: Outputs): DockerView {
  const output = out.get('docker');
  const info = infoOf(output?.text ?? '');
  const trouble = !output
    ? 'there is no docker command'
    : (info?.ServerErrors?.join('; ') ??
      (output.rc === 0 && info
        ? undefined
        : output.text.split('\n').at(-1) || `docker info ended with exit code ${output.rc}`));
  const swarm = info?.Swarm;
  return {
    ...(trouble !== undefined && { trouble }),
    id: info?.ID ?? '',
    version: info?.ServerVersion ?? '',
    swarm: {
      state: swarm?.LocalNodeState ?? '',
      error: swarm?.Error ?? '',
      nodeId: swarm?.NodeID ?? '',
      address: swarm?.NodeAddr ?? '',
      cluster: swarm?.Cluster?.ID ?? '',
      manager: swarm?.ControlAvailable ?? false,
    },
    networks: (said(out, 'networks') ?? '').split('\n').flatMap((line) => {
      const [name, driver, subnets] = line.split('|');
      return name && driver ? [{ name, driver, subnets: (subnets ?? '').split(' ').filter(Boolean) }] : [];
    }),
    log: (said(out, 'log') ?? '')
      .split('\n')
      .filter((line) => ABOUT_NETWORKS.test(line))
      .map(message)
      .slice(-15),
  };
}

/** What a manager knows of its swarm's nodes. */
export function nodesOf(out: Outputs): Pick<DockerView, 'nodes' | 'nodesTrouble'> {
  const output = out.get('nodes');
  if (!output || !infoOf(out.get('docker')?.text ?? '')?.Swarm?.ControlAvailable) return {};
  if (output.rc !== 0) return { nodesTrouble: output.text.split('\n').at(-1) ?? '' };
  const nodes = json<Node>(out, 'nodes').map(({ ID, Spec, Description, Status, ManagerStatus }): NodeView => ({
    id: ID,
    hostname: Description?.Hostname ?? '',
    // A manager that knows itself by no address says 0.0.0.0.
    address: Status?.Addr && Status.Addr !== '0.0.0.0' ? Status.Addr : (ManagerStatus?.Addr ?? '').replace(/:\d+$/, ''),
    state: Status?.State ?? '',
    role: Spec?.Role ?? '',
    reachability: ManagerStatus?.Reachability ?? '',
  }));
  return { nodes };
}

/** The network that was asked for. */
export function networkOf(out: Outputs): NetworkView | undefined {
  const [found] = json<Network>(out, 'network');
  if (!found) return undefined;
  const options = found.Options ?? {};
  return {
    name: found.Name,
    id: found.Id,
    driver: found.Driver,
    subnets: (found.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])),
    // What overlay networks have where nothing else is asked for; other drivers take their interface's.
    mtu: Number(options['com.docker.network.driver.mtu'] ?? (found.Driver === 'overlay' ? 1450 : 1500)),
    ...(options['com.docker.network.driver.overlay.vxlanid_list'] && {
      vni: Number(options['com.docker.network.driver.overlay.vxlanid_list']),
    }),
    encrypted: 'encrypted' in options,
    peers: (found.Peers ?? []).map(({ IP }) => IP),
  };
}

/** `docker info` may print an error after the JSON, or alone. */
function infoOf(text: string): Info | undefined {
  const line = text.split('\n').find((one) => one.startsWith('{'));
  try {
    return line ? (JSON.parse(line) as Info) : undefined;
  } catch {
    return undefined;
  }
}

/** The message of a line of dockerd's log: `time=... level=... msg="..." error="..."`. */
function message(line: string): string {
  const parts = [...line.matchAll(/\b(?:msg|error)=("(?:[^"\\]|\\.)*"|\S+)/g)].map((match) =>
    match[1]!.replace(/^"|"$/g, ''),
  );
  return parts.length > 0 ? parts.join(': ') : line;
}
