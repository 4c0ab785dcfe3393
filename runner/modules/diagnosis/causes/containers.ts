import { containsNetwork, parseNetwork } from '../../../language/values/network.ts';
import type { ContainerView, HostView } from '../view/view.ts';
import { listed, pathsOf, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';

/** What is wrong inside of containers, and of an overlay network's own namespace. */
export const containers: Find = (scene) =>
  seen(scene).flatMap(([host, view]): Cause[] => {
    const cause = (text: string, fix: string): Cause => ({
      severity: 'cause',
      hosts: [host],
      text,
      fix,
      paths: pathsOf(host, scene),
    });
    const again = `start the container again, or \`systemctl restart docker\` on ${host}`;
    return [
      ...view.containers.flatMap((container) =>
        faultsOf(container, scene).map(([text, fix]) =>
          cause(`${text.replace('@', `the container ${container.name} on ${host}`)}`, fix ?? again),
        ),
      ),
      ...(view.overlay ? overlayFaults(view.overlay) : []).map((text) =>
        cause(text.replace('@', `the overlay network on ${host}`), `\`systemctl restart docker\` on ${host}`),
      ),
    ];
  });

/** Texts, with `@` in place of the container, and how each is repaired where starting it again is not the way. */
function faultsOf(container: ContainerView, scene: Scene): [text: string, fix?: string][] {
  const { drops, down, addresses, address, nameless } = container;
  const off = down.filter((link) => link !== 'lo');
  return [
    ...(drops.length > 0
      ? [
          [
            `@ drops packets by rules of its own (${listed(drops.map(({ text }) => text))})`,
            'remove them in the container, or start it again',
          ] as [string, string],
        ]
      : []),
    ...(off.length > 0 ? [[`the interface ${listed(off)} of @ is off`] as [string]] : []),
    ...(addresses.length > 0 && address && !addresses.includes(address)
      ? [[`@ does not have the address ${address} that Docker gave it`] as [string]]
      : []),
    ...astray(container, scene).map((text): [string] => [text]),
    ...(nameless
      ? [
          [
            `@ finds no names: the rules that lead to Docker's name server (127.0.0.11) are gone from it`,
            'start the container again; what flushes rules of nat in it must not',
          ] as [string, string],
        ]
      : []),
  ];
}

/** Routes and neighbours of a container that send what is for another host's containers elsewhere. */
function astray({ routes, neighbours, address }: ContainerView, scene: Scene): string[] {
  const others = seen(scene)
    .flatMap(([, view]) => view.containers)
    .filter((one) => one.address !== address && one.address);
  const dead = routes.filter(
    ({ to, type }) =>
      ['blackhole', 'unreachable', 'prohibit', 'throw'].includes(type) &&
      to !== 'default' &&
      others.some((other) => inside(to, other.address)),
  );
  const wrong = neighbours.filter(
    (entry) =>
      entry.state.includes('permanent') &&
      others.some((other) => other.address === entry.address && other.mac && other.mac !== entry.mac),
  );
  return [
    ...dead.map(({ to, type }) => `a route of @ (${type} ${to}) throws away what it sends to other containers`),
    ...wrong.map(
      ({ address: at, mac }) =>
        `@ has a fixed entry of ${at} at ${mac}, which is not the hardware address of that container`,
    ),
  ];
}

function inside(network: string, address: string): boolean {
  const [outer, inner] = [parseNetwork(network), parseNetwork(address)];
  return (
    outer !== undefined &&
    inner !== undefined &&
    outer.address.bits === inner.address.bits &&
    containsNetwork(outer, inner)
  );
}

function overlayFaults({ down, loose, drops }: NonNullable<HostView['overlay']>): string[] {
  return [
    ...(down.length > 0 ? [`the interface ${listed(down)} of @ is off`] : []),
    ...(loose.length > 0 ? [`the interface ${listed(loose)} of @ does not pass on packets`] : []),
    ...(drops.length > 0
      ? [`rules in the namespace of @ drop packets (${listed(drops.map(({ where, text }) => `${where}: ${text}`))})`]
      : []),
  ];
}
