import { listed, pathsOf, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { networkOf } from './subnets.ts';
import type { ContainerView, HostView } from '../view/view.ts';

/** What Docker has set up for its networks, or should have: rules, the network, the way to each container. */
export const dockerNetwork: Find = (scene, found) => [
  ...rules(scene),
  ...forwarding(scene),
  ...endpoints(scene, found),
];

/** Chains that every Docker with its own firewall rules has. */
const CHAINS = ['filter DOCKER-USER', 'filter DOCKER', 'nat DOCKER'];

function rules(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, { chains, docker, drops }]): Cause[] => {
    if (chains === undefined || docker.trouble !== undefined) return [];
    const missing = CHAINS.filter((chain) => !chains.includes(chain));
    if (missing.length === 0) return [];
    const closed = drops.some(({ where, text }) => /filter FORWARD|forward/i.test(where) && /policy drop/i.test(text));
    return [
      {
        severity: 'cause',
        hosts: [host],
        text: `Docker's rules are gone from the firewall of ${host} (no chain ${listed(missing)})${closed ? ', and what it forwards is dropped' : ''}: published ports and the way out of containers do not work`,
        fix: `\`systemctl restart docker\` on ${host}, which makes them again; what flushes them (a firewall's reload) must come before Docker`,
        paths: [],
      },
    ];
  });
}

function forwarding(scene: Scene): Cause[] {
  const overlay = networkOf(scene)?.driver === 'overlay';
  return seen(scene).flatMap(([host, { settings, docker }]): Cause[] =>
    settings['net.ipv4.ip_forward'] !== '0' || docker.trouble !== undefined
      ? []
      : [
          {
            severity: 'cause',
            hosts: [host],
            text: `${host} forwards nothing (net.ipv4.ip_forward is 0): ${overlay ? 'published ports and the way out of containers do not work' : 'nothing comes to its containers, nor from them'}`,
            fix: `\`sysctl -w net.ipv4.ip_forward=1\` on ${host}, and see which file of /etc/sysctl.d sets it to 0`,
            paths: overlay ? [] : pathsOf(host, scene),
          },
        ],
  );
}

/** Whether each host that has a part in an overlay network knows the way to each container on the others. */
function endpoints(scene: Scene, found: readonly Cause[]): Cause[] {
  return seen(scene).flatMap(([host, view]) =>
    seen(scene).flatMap(([other, peer]): Cause[] => {
      if (other === host || !view.overlay || found.some((one) => one.control && cuts(one, host, other))) return [];
      const lost = peer.containers
        .map((container) => ({ container, lacks: lacksOf(view, peer, container) }))
        .filter(({ lacks }) => lacks !== undefined);
      if (lost.length === 0) return [];
      const names = lost.map(({ container, lacks }) => `${container.name} (${container.address}: ${lacks})`);
      return [
        {
          severity: 'cause',
          hosts: [host],
          text: `${host} does not know the way to the container${names.length === 1 ? '' : 's'} ${listed(names)} on ${other}`,
          fix: `\`docker network disconnect --force\` and \`connect\` of the container on ${other} announces it again; where that does not last, \`systemctl restart docker\` on ${host}`,
          paths: [[host, other]],
          passing: true,
        },
      ];
    }),
  );
}

/** Whether a cause breaks a path between two hosts. */
function cuts({ paths }: Cause, host: string, other: string): boolean {
  return paths.some(([from, to]) => (from === host && to === other) || (from === other && to === host));
}

/** What of the way to a container a host's part of the overlay network lacks. */
function lacksOf(
  { overlay }: HostView,
  { address: at }: HostView,
  { mac, address }: ContainerView,
): string | undefined {
  if (!mac || !address) return undefined;
  const way = overlay!.forwarding.find((one) => one.mac === mac);
  const neighbour = overlay!.neighbours.find((one) => one.address === address);
  if (way && way.at !== at) return `its packets go to ${way.at}`;
  if (neighbour && neighbour.mac !== mac) return `it is taken for ${neighbour.mac || 'nothing'}`;
  const missing = [...(way ? [] : ['no forwarding entry']), ...(neighbour ? [] : ['no neighbour entry'])];
  return missing.length > 0 ? missing.join(' and ') : undefined;
}
