import type { HostView } from './view/view.ts';

/** Packets of one kind between hosts. */
export interface Flow {
  /** `icmp`, `udp`, `tcp`, or the number of another protocol of IP. */
  protocol: string;
  port?: number;
  /** What is lost with it. */
  carries: string;
  /** To managers of a swarm only. */
  managers?: true;
  /** Sent by a container to another host's, and not by the host. */
  containers?: true;
  /** By it the hosts know of each other's containers. */
  control?: true;
}

/** IANA's numbers of protocols that carry packets of containers. */
const ESP = '50';
const GRE = '47';

/** What Docker's overlay networks send: https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
const OVERLAY: Flow[] = [
  { protocol: 'tcp', port: 2377, carries: 'the swarm itself', managers: true, control: true },
  { protocol: 'tcp', port: 7946, carries: 'gossip (where containers are, and their names)', control: true },
  { protocol: 'udp', port: 7946, carries: 'gossip (where containers are, and their names)', control: true },
  { protocol: 'udp', port: 4789, carries: 'packets of containers (VXLAN)' },
];

/** What containers send each other. The hosts see it where they forward it; else only whether an answer comes is known. */
const CONTAINERS: Flow = { protocol: 'icmp', carries: 'what containers send each other', containers: true };

/** What a host with this network sends to others that have it, and that must arrive. */
export function flowsOf({ network, links }: HostView): Flow[] {
  const ping: Flow = { protocol: 'icmp', carries: 'every packet between the hosts', control: true };
  if (network?.driver === 'overlay')
    return [
      ping,
      ...OVERLAY,
      ...(network.encrypted ? [{ protocol: ESP, carries: 'encrypted packets of containers (ESP)' }] : []),
      CONTAINERS,
    ];
  const tunnels = links.flatMap(({ kind, port }): Flow[] => {
    if (kind === 'vxlan' && port) return [{ protocol: 'udp', port, carries: 'packets of containers (VXLAN)' }];
    return kind === 'gre' || kind === 'gretap' ? [{ protocol: GRE, carries: 'packets of containers (GRE)' }] : [];
  });
  return [ping, ...tunnels, CONTAINERS];
}

/** `udp/4789`, `ICMP`, `protocol 50`. */
export function flowName({ protocol, port, containers }: Pick<Flow, 'protocol' | 'port' | 'containers'>): string {
  if (containers) return 'what containers send each other';
  if (protocol === ESP) return 'ESP (protocol 50)';
  if (protocol === GRE) return 'GRE (protocol 47)';
  return port === undefined ? protocol.toUpperCase() : `${protocol}/${port}`;
}
