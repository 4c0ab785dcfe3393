import { listed, pathsOf, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { networkOf } from './subnets.ts';
import type { HostView, LinkView } from '../view/view.ts';

/** What VXLAN adds to each packet over IPv4: https://www.rfc-editor.org/rfc/rfc7348#section-5; Docker asks for as much. */
const VXLAN = 50;
/** What ESP adds to that with the cipher that Docker uses, at most. */
const ESP = 76;

/** Interfaces of hosts: orphans, sizes, what is off, and neighbours. */
export const interfaces: Find = (scene) => [
  ...orphans(scene),
  ...sizes(scene),
  ...uplinks(scene),
  ...neighbours(scene),
  ...kernels(scene),
];

/** An interface outside of Docker's own namespaces that has the VNI and the port of the network: the kernel takes no second one. */
function orphans(scene: Scene): Cause[] {
  const network = networkOf(scene);
  if (network?.driver !== 'overlay') return [];
  const vnis = seen(scene).flatMap(([, view]) => (view.network?.vni === undefined ? [] : [view.network.vni]));
  return seen(scene).flatMap(([host, { links, docker }]) =>
    links
      .filter(({ vni, port }) => vni !== undefined && vnis.includes(vni) && port === 4789)
      .map((link) => ({
        severity: 'cause' as const,
        hosts: [host],
        text: `the interface ${link.name} of ${host} has the VNI ${link.vni} of the network ${network.name}, so that Docker cannot make its own${lastWords(docker.log, /vxlan|file exists/i)}`,
        fix: `\`ip link delete ${link.name}\` on ${host}`,
        paths: pathsOf(host, scene),
      })),
  );
}

/** The daemon's last line that is about this, for the end of a text. */
function lastWords(log: readonly string[], about: RegExp): string {
  const line = log.filter((one) => about.test(one)).at(-1);
  return line ? ` (dockerd: ${line.slice(0, 200)})` : '';
}

function sizes(scene: Scene): Cause[] {
  const network = networkOf(scene);
  if (network?.driver !== 'overlay') return [];
  const more = VXLAN + (network.encrypted ? ESP : 0);
  const small = seen(scene).flatMap(([host, view]) => {
    const link = uplinkOf(view);
    return link && link.mtu < network.mtu + more ? [{ host, link }] : [];
  });
  if (small.length === 0) return [];
  const fits = Math.min(...small.map(({ link }) => link.mtu)) - more;
  return [
    {
      severity: 'cause',
      hosts: small.map(({ host }) => host),
      text: `packets of the network ${network.name} have up to ${network.mtu} bytes and ${more} more on their way, but ${listed(small.map(({ host, link }) => `${link.name} of ${host} has an MTU of ${link.mtu}`))}`,
      fix: `give the network an MTU of ${fits} (overlay_options: {com.docker.network.driver.mtu: "${fits}"}, with overlay_recreate=true), or the interface ${network.mtu + more}`,
      paths: small.flatMap(({ host }) => pathsOf(host, scene)),
    },
  ];
}

/** The interface that has the address by which others reach the host. */
export function uplinkOf({ address, addresses, links }: HostView): LinkView | undefined {
  const dev = addresses.find((one) => one.address.split('/')[0] === address)?.dev;
  return links.find(({ name }) => name === dev);
}

/** What is off, or slowed down, on the way out of a host. */
function uplinks(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, view]): Cause[] => {
    const link = uplinkOf(view);
    const shaped = link?.filters.find((filter) => /netem|tbf/.test(filter));
    return [
      ...(shaped && /loss|corrupt|rate/.test(shaped)
        ? [
            {
              severity: 'cause' as const,
              hosts: [host],
              text: `the interface ${link!.name} of ${host} loses or slows down packets on purpose (${shaped})`,
              fix: `\`tc qdisc delete dev ${link!.name} root\` on ${host}`,
              paths: pathsOf(host, scene),
              total: true as const,
            },
          ]
        : []),
      ...fullTable(host, view, scene),
    ];
  });
}

function fullTable(host: string, { settings }: HostView, scene: Scene): Cause[] {
  const [count, most] = ['count', 'max'].map((what) =>
    Number(settings[`net.netfilter.nf_conntrack_${what}`] ?? Number.NaN),
  );
  if (!(count! >= most! * 0.98)) return [];
  return [
    {
      severity: 'cause',
      hosts: [host],
      text: `the table of connections of ${host} is full (${count} of ${most}): new ones are dropped`,
      fix: `\`sysctl -w net.netfilter.nf_conntrack_max=${most! * 4}\` on ${host}`,
      paths: pathsOf(host, scene),
      total: true,
    },
  ];
}

/** Entries for other hosts that were set by hand to a hardware address that is not theirs. */
function neighbours(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, view]) =>
    seen(scene).flatMap(([other, peer]): Cause[] => {
      const entry = other === host ? undefined : view.neighbours.find(({ address }) => address === peer.address);
      const real = uplinkOf(peer)?.mac;
      if (!entry || !entry.state.includes('permanent') || !real || entry.mac === real) return [];
      return [
        {
          severity: 'cause',
          hosts: [host],
          text: `${host} has a fixed entry of ${peer.address} at ${entry.mac || 'no hardware address'}, but ${other} is at ${real}`,
          fix: `\`ip neighbour delete ${peer.address} dev ${entry.dev}\` on ${host}`,
          paths: [[host, other]],
          total: true,
        },
      ];
    }),
  );
}

function kernels(scene: Scene): Cause[] {
  const network = networkOf(scene);
  if (!network?.encrypted) return [];
  const lacking = seen(scene).flatMap(([host, { lacks }]) => (lacks.includes('esp') ? [host] : []));
  if (lacking.length === 0) return [];
  return [
    {
      severity: 'cause',
      hosts: lacking,
      text: `the network ${network.name} is encrypted, and the kernel of ${listed(lacking)} has no ESP`,
      fix: 'leave `encrypted` out of overlay_options, or use a kernel with esp4 and gcm',
      paths: lacking.flatMap((host) => pathsOf(host, scene)),
    },
  ];
}
