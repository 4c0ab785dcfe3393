import { listed, pathsOf, seen, twins } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';

/** Seconds that clocks may differ: certificates of a swarm are valid from an hour before they are made, and tasks on many hosts take some time. */
const APART = 300;

/** Interfaces that every host has, with the same addresses on many. */
const OF_ITS_OWN = /^(docker0|docker_gwbridge|br-[0-9a-f]{12}|lo)$/;

/** Hosts that look alike where each must be one of its own, as clones of one machine do. */
export const identity: Find = (scene) => [
  ...same(
    scene,
    'the machine-id',
    ({ machineId }) => machineId,
    'empty /etc/machine-id and run `systemd-machine-id-setup` on one of them',
  ),
  ...same(
    scene,
    'the id of Docker',
    ({ docker }) => docker.id,
    'stop Docker on one of them, remove /var/lib/docker/engine-id (or /etc/docker/key.json) and start it',
  ),
  ...same(
    scene,
    'the hostname',
    ({ hostname }) => hostname,
    'give one of them another one (`hostnamectl set-hostname`), and restart its Docker',
  ),
  ...same(scene, 'the hardware address', uplinkMac, 'give one of them another one (`ip link set DEV address`)'),
  ...addresses(scene),
  ...clocks(scene),
];

function same(scene: Scene, what: string, valueOf: Parameters<typeof twins>[1], fix: string): Cause[] {
  return twins(scene, valueOf).map(([value, hosts]) => ({
    severity: 'cause',
    hosts,
    text: `${listed(hosts)} have ${what} ${value} in common, which each must have for itself`,
    fix,
    paths: hosts.flatMap((host) => pathsOf(host, scene)),
    control: true,
  }));
}

/** That of the interface that has the address by which others reach the host. */
function uplinkMac({ address, addresses: own, links }: Parameters<Parameters<typeof twins>[1]>[0]): string {
  const dev = own.find((one) => one.address.split('/')[0] === address)?.dev;
  return links.find(({ name }) => name === dev)?.mac ?? '';
}

/** The address that a host gives the others must be its own, and one that they can use. */
function addresses(scene: Scene): Cause[] {
  const twice = twins(scene, ({ address }) => address).map(([address, hosts]): Cause => ({
    severity: 'cause',
    hosts,
    text: `${listed(hosts)} give the others the same address ${address}`,
    fix: 'set swarm_address for each of them to an address of its own',
    paths: hosts.flatMap((host) => pathsOf(host, scene)),
    control: true,
  }));
  const wrong = seen(scene).flatMap(([host, { address, addresses: own, network }]): Cause[] => {
    if (!address) return [];
    const dev = own.find((one) => one.address.split('/')[0] === address)?.dev;
    const why =
      dev === undefined
        ? 'which no interface of it has'
        : OF_ITS_OWN.test(dev)
          ? `of its interface ${dev}, which nobody else reaches`
          : network?.driver === 'overlay' && address.includes(':')
            ? 'of IPv6, over which overlay networks do not go'
            : undefined;
    return why === undefined
      ? []
      : [
          {
            severity: 'cause',
            hosts: [host],
            text: `${host} gives the others the address ${address}, ${why}`,
            fix: `set swarm_address for ${host} to an IPv4 address by which the others reach it, \`docker swarm leave\` there, and run swarm-overlay.yml`,
            paths: pathsOf(host, scene),
            control: true,
          },
        ];
  });
  return [...twice, ...wrong, ...borrowed(scene)];
}

/** Another host's address besides its own: both answer for it. */
function borrowed(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, { address, addresses: own }]) =>
    seen(scene).flatMap(([other, peer]): Cause[] => {
      const one = own.find((entry) => entry.address.split('/')[0] === peer.address);
      if (other === host || !one || peer.address === address || OF_ITS_OWN.test(one.dev)) return [];
      return [
        {
          severity: 'cause',
          hosts: [host],
          text: `${host} has the address ${peer.address} of ${other} on its interface ${one.dev}`,
          fix: `\`ip address delete ${one.address} dev ${one.dev}\` on ${host}`,
          paths: pathsOf(other, scene),
          control: true,
          total: true,
        },
      ];
    }),
  );
}

function clocks(scene: Scene): Cause[] {
  const known = seen(scene).filter(([, { clock }]) => clock > 0);
  const sorted = known.map(([, { clock }]) => clock).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const off = known.filter(([, { clock }]) => Math.abs(clock - middle) > APART);
  if (off.length === 0) return [];
  const words = off.map(
    ([host, { clock }]) => `${host} by ${Math.abs(clock - middle)} s ${clock < middle ? 'behind' : 'ahead'}`,
  );
  return [
    {
      severity: 'cause',
      hosts: off.map(([host]) => host),
      text: `clocks are apart: ${listed(words)}; certificates of the swarm are not valid there`,
      fix: 'set them, with NTP for example (`timedatectl set-ntp true`), and restart Docker there',
      paths: off.flatMap(([host]) => pathsOf(host, scene)),
      control: true,
    },
  ];
}
