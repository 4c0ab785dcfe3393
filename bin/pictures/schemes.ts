/** A thing in a host: its name, and what is written under it on the first and on the second host. */
export type Layer = readonly [what: string, one: string, other: string];

/** How a scheme joins two containers. */
export interface Scheme {
  /** From the container down to the wire. */
  stack: readonly Layer[];
  /** Which of them a tunnel, or routes, seem to join across hosts, and by what. */
  joined?: { at: string; by: string };
  /** What both hosts ask where the other's containers are. */
  store?: string;
  /** What has to be between the hosts. */
  wire: string;
}

const eth0: Layer = ['eth0', '192.0.2.11', '192.0.2.12'];
const anyNetwork = 'any network';
const layer2 = 'one layer-2 network';

const container = (one: string, other: string): Layer => ['container', one, other];
const overlay: Layer[] = [
  container('10.10.0.3', '10.10.0.4'),
  ['overlay', 'bridge in a name space', 'bridge in a name space'],
  ['vxlan', 'MTU 1450', 'MTU 1450'],
  eth0,
];
const tunnels: Layer[] = [container('10.30.0.2', '10.30.1.2'), ['docker0', '10.30.0.1/16', '10.30.1.1/16']];
const routed: Layer[] = [container('10.20.0.2', '10.20.1.2'), ['docker0', '10.20.0.1/24', '10.20.1.1/24'], eth0];

/** By the name of the picture. */
export const schemes: Record<string, Scheme> = {
  'swarm-overlay': {
    stack: overlay,
    joined: { at: 'vxlan', by: 'VXLAN, UDP 4789' },
    store: 'managers: 2377, 7946',
    wire: anyNetwork,
  },
  'swarm-encrypted': {
    stack: overlay,
    joined: { at: 'vxlan', by: 'VXLAN in IPsec (ESP)' },
    store: 'managers: 2377, 7946',
    wire: anyNetwork,
  },
  'cluster-store': {
    stack: overlay,
    joined: { at: 'vxlan', by: 'VXLAN, UDP 4789' },
    store: 'Consul or etcd',
    wire: anyNetwork,
  },
  'br0-bridge': {
    stack: [
      container('192.0.2.129', '192.0.2.145'),
      ['br0', '192.0.2.11', '192.0.2.12'],
      ['eth0', 'a port of br0', 'a port of br0'],
    ],
    wire: layer2,
  },
  'ovs-gre': {
    stack: [...tunnels, ['ovs-gre', 'Open vSwitch', 'Open vSwitch'], eth0],
    joined: { at: 'ovs-gre', by: 'GRE, IP 47' },
    wire: anyNetwork,
  },
  'ovs-vxlan': {
    stack: [...tunnels, ['ovs-vxlan', 'Open vSwitch', 'Open vSwitch'], eth0],
    joined: { at: 'ovs-vxlan', by: 'VXLAN, UDP 4789' },
    wire: anyNetwork,
  },
  'direct-route': { stack: routed, joined: { at: 'docker0', by: 'routes by eth0' }, wire: layer2 },
  macvlan: {
    stack: [['container', '192.0.2.129', '192.0.2.145'], ['macvlan', 'a MAC of its own', 'a MAC of its own'], eth0],
    wire: layer2,
  },
  'static-ip': {
    stack: [
      ['container', '192.0.2.225, again', '192.0.2.229, again'],
      ['macvlan or veth', 'made by a unit', 'made by a unit'],
      ['eth0 or a bridge', 'as it was', 'as it was'],
    ],
    wire: layer2,
  },
  'port-mapping': {
    stack: [
      container('172.17.0.2', '172.17.0.2'),
      ['docker0', '172.17.0.1/16', '172.17.0.1/16'],
      ['port 9769', 'to 8099 inside', 'to 8099 inside'],
      eth0,
    ],
    wire: anyNetwork,
  },
  flannel: {
    stack: [
      container('10.40.16.2', '10.40.32.2'),
      ['docker0', '10.40.16.1/20', '10.40.32.1/20'],
      ['flannel.1', 'flanneld', 'flanneld'],
      eth0,
    ],
    joined: { at: 'flannel.1', by: 'VXLAN, UDP 8472' },
    store: 'etcd',
    wire: anyNetwork,
  },
  weave: {
    stack: [
      container('10.32.0.2', '10.44.0.2'),
      ['weave', 'bridge', 'bridge'],
      ['router', 'MTU 1376', 'MTU 1376'],
      eth0,
    ],
    joined: { at: 'router', by: '6783, 6784' },
    wire: anyNetwork,
  },
  calico: {
    stack: [container('10.50.1.2', '10.50.2.2'), ['cali*', 'no bridge', 'no bridge'], eth0],
    joined: { at: 'cali*', by: 'routes by BGP, 179' },
    store: 'etcd',
    wire: 'one layer-2 network, or BGP',
  },
};
