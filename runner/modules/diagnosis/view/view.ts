import type { RuleView } from '../rules/rule.ts';

/** What one host is like, as far as containers of several hosts depend on it. Plain data: it is registered, and compared with those of the others. */
export interface HostView {
  /** By which the others send to it. */
  address: string;
  /** Seconds since 1970, by its own clock. */
  clock: number;
  machineId: string;
  hostname: string;
  links: LinkView[];
  /** `ADDRESS/PREFIX` by interface. */
  addresses: { dev: string; address: string }[];
  routes: RouteView[];
  /** Rules of routing besides the three that every host has, in words of `ip rule`. */
  routingRules: string[];
  /** Neighbours (ARP) whose state is worth a word: those that do not answer, and those set by hand. */
  neighbours: { address: string; dev: string; mac: string; state: string }[];
  /** Settings of the kernel by name, `net.ipv4.ip_forward`. */
  settings: Record<string, string>;
  /** Rules that drop or reject, in words of the program that lists them. */
  drops: RuleView[];
  /** Names of chains of iptables, `filter DOCKER-USER`; undefined where it cannot be asked. */
  chains?: string[];
  /** Firewalls that are in force, and what they let in. */
  firewalls: { name: 'ufw' | 'firewalld'; opened: string }[];
  docker: DockerView;
  /** The network that was asked for; undefined where Docker does not know it. */
  network?: NetworkView;
  /** The network's own namespace, where it has one: an overlay network's, on hosts that have containers in it. */
  overlay?: OverlayView;
  /** Containers of the network on this host. */
  containers: ContainerView[];
  /** What the kernel cannot do: `esp`. */
  lacks: string[];
}

export interface LinkView {
  name: string;
  kind: string;
  up: boolean;
  mtu: number;
  mac: string;
  /** Of a VXLAN interface. */
  vni?: number;
  port?: number;
  /** What takes packets before the firewall sees them: `xdp`, `tc ingress`. */
  filters: string[];
}

export interface RouteView {
  /** `default`, or `ADDRESS/PREFIX`. */
  to: string;
  dev: string;
  via?: string;
  /** `unicast`, `blackhole`, `unreachable`, `prohibit`. */
  type: string;
  /** `kernel` for the subnets of its own addresses. */
  protocol: string;
}

export interface DockerView {
  /** Why it cannot be asked, in its own words; undefined where it can. */
  trouble?: string;
  id: string;
  version: string;
  swarm: { state: string; error: string; nodeId: string; address: string; cluster: string; manager: boolean };
  /** Of a manager: what it knows of the nodes. */
  nodes?: NodeView[];
  /** Why a manager did not list the nodes. */
  nodesTrouble?: string;
  /** Networks with their subnets. */
  networks: { name: string; driver: string; subnets: string[] }[];
  /** What the daemon last said about networks, newest last. */
  log: string[];
}

export interface NodeView {
  id: string;
  hostname: string;
  address: string;
  state: string;
  role: string;
  /** Of managers: `reachable`, `unreachable`. */
  reachability: string;
}

export interface NetworkView {
  name: string;
  id: string;
  driver: string;
  subnets: string[];
  mtu: number;
  vni?: number;
  encrypted: boolean;
  /** Addresses of the hosts that have a part in it, as this one knows them by gossip. */
  peers: string[];
}

export interface OverlayView {
  /** MAC to the host it is at. */
  forwarding: { mac: string; at: string }[];
  neighbours: { address: string; mac: string }[];
  /** Interfaces that are off. */
  down: string[];
  /** Interfaces that belong to its bridge and are not in it, or do not forward: `veth0 (blocking)`. */
  loose: string[];
  /** Rules in its namespace that drop. */
  drops: RuleView[];
}

export interface ContainerView {
  name: string;
  /** Of its first process; 0 where it has none, as endpoints of the network's own. */
  pid: number;
  /** Without its prefix. */
  address: string;
  mac: string;
  /** Rules in the container itself that drop. */
  drops: RuleView[];
  /** Interfaces that are off. */
  down: string[];
  /** Its own addresses without prefixes; empty where it was not looked into. */
  addresses: string[];
  /** Routes and neighbours in it that send what is for a container astray: `blackhole 10.10.0.1`. */
  routes: RouteView[];
  neighbours: HostView['neighbours'];
  /** It asks Docker's name server, and nothing leads there. */
  nameless: boolean;
}
