import { containsNetwork, parseNetwork } from '../../../language/values/network.ts';
import { listed, pathsOf, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import type { HostView, NetworkView } from '../view/view.ts';

/** Addresses of the network that something else has too, and routes that lead packets elsewhere. */
export const subnets: Find = (scene) => [
  ...overlaps(scene),
  ...routes(scene),
  ...deadRoutes(scene),
  ...containers(scene),
];

/** The network as any of the hosts has it: where it could not be made it is missing. */
export function networkOf(scene: Scene): NetworkView | undefined {
  return seen(scene).find(([, { network }]) => network)?.[1].network;
}

function overlaps(scene: Scene): Cause[] {
  const network = networkOf(scene);
  if (!network) return [];
  return seen(scene).flatMap(([host, view]) =>
    network.subnets.flatMap((subnet): Cause[] => {
      const rivals = [...new Set([...dockersOwn(view, network, subnet), ...interfaces(view, network, subnet)])];
      return rivals.length === 0
        ? []
        : [
            {
              severity: 'cause',
              hosts: [host],
              text: `the subnet ${subnet} of the network ${network.name} overlaps ${listed(rivals)} on ${host}`,
              fix: 'give one of the two another subnet (overlay_subnet; for docker0 `bip` and `default-address-pools` in /etc/docker/daemon.json)',
              paths: pathsOf(host, scene),
            },
          ];
    }),
  );
}

function dockersOwn({ docker }: HostView, network: NetworkView, subnet: string): string[] {
  return docker.networks
    .filter(({ name }) => name !== network.name)
    .flatMap(({ name, subnets: others }) =>
      others.filter((other) => overlap(subnet, other)).map((other) => `${other} of Docker's network ${name}`),
    );
}

/** Interfaces of the host in the subnet. An overlay network has none on the host; bridges and macvlan are in it by design. */
function interfaces({ addresses, docker }: HostView, network: NetworkView, subnet: string): string[] {
  if (network.driver !== 'overlay') return [];
  const dockers = docker.networks.flatMap(({ subnets: others }) => others);
  return addresses
    .filter(({ address }) => overlap(subnet, address) && !dockers.some((other) => overlap(other, address)))
    .map(({ dev, address }) => `${address} of the interface ${dev}`);
}

/** Routes of the host into an overlay network's subnet: containers cannot reach what they lead to. */
function routes(scene: Scene): Cause[] {
  const network = networkOf(scene);
  if (network?.driver !== 'overlay') return [];
  return seen(scene).flatMap(([host, view]) =>
    view.routes
      .filter(
        ({ to, protocol }) =>
          to !== 'default' && protocol !== 'kernel' && network.subnets.some((subnet) => overlap(subnet, to)),
      )
      .map(({ to, dev, via }) => ({
        severity: 'warning' as const,
        hosts: [host],
        text: `a route of ${host} (${to}${via ? ` via ${via}` : ''} dev ${dev}) lies in the subnet of the network ${network.name}: its destinations cannot be reached from containers, nor containers with such addresses from there`,
        fix: 'set overlay_subnet to one that no host uses, or remove the route (`ip route delete`)',
        paths: [],
      })),
  );
}

/** Routes that throw away what is sent to another host. */
function deadRoutes(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, view]) =>
    view.routes
      .filter(({ type }) => ['blackhole', 'unreachable', 'prohibit', 'throw'].includes(type))
      .flatMap(({ to, type }): Cause[] => {
        const cut = seen(scene).filter(
          ([other, { address }]) => other !== host && to !== 'default' && inside(to, address),
        );
        return cut.length === 0
          ? []
          : [
              {
                severity: 'cause',
                hosts: [host],
                text: `a route of ${host} (${type} ${to}) throws away what it sends to ${listed(cut.map(([other]) => other))}`,
                fix: `\`ip route delete ${type} ${to}\` on ${host}`,
                paths: cut.map(([other]): [string, string] => [host, other]),
                total: true,
              },
            ];
      }),
  );
}

/** Containers of two hosts with one address, and routed networks with one subnet. */
function containers(scene: Scene): Cause[] {
  const owners = new Map<string, string[]>();
  for (const [host, view] of seen(scene))
    for (const { name, address } of view.containers)
      if (address && routed(view)) owners.set(address, [...(owners.get(address) ?? []), `${name} on ${host}`]);
  return [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => ({
      severity: 'cause',
      hosts: names.map((name) => name.split(' on ').at(-1) as string),
      text: `${listed(names)} have the same address ${address}`,
      fix: 'give each host a range of its own (`ip_range`, or a subnet a host), and start one of the containers again',
      paths: [],
    }));
}

/** Each host hands out addresses of its own accord. */
function routed({ network }: HostView): boolean {
  return network !== undefined && ['macvlan', 'ipvlan', 'bridge'].includes(network.driver);
}

function overlap(a: string, b: string): boolean {
  const [one, other] = [parseNetwork(a), parseNetwork(b)];
  if (!one || !other || one.address.bits !== other.address.bits) return false;
  return containsNetwork(one, other) || containsNetwork(other, one);
}

function inside(network: string, address: string): boolean {
  return overlap(network, `${address}/${address.includes(':') ? 128 : 32}`);
}
