import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Release } from '../../lab/state.ts';
import { useLab, WHOLE } from '../support/lab.ts';
import type { TestLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';
import { DRIFTS, findsAndMends } from './drift.ts';

const HOSTS = ['node1', 'node2', 'node3'];

/** All that a scheme could leave behind; veths come and go with containers. */
const STATE = `ip -o -4 addr show | awk '{print $2,$4}' | grep -v veth | sort
ip -4 route | sed 's/ linkdown//' | sort
ip -o link | sed 's/^[0-9]*: //; s/[:@].*//' | grep -v veth | sort
iptables-save | grep -v '^[#:]' | sort
find /etc -type f -exec sha256sum {} + | sort -k2
docker network ls --format '{{.Name}} {{.Driver}}' | sort
docker ps --all --format '{{.Names}}' | sort
ovs-vsctl list-br
ls -d /var/lib/*xrun* /var/lib/private/* /usr/local/bin/* 2>/dev/null
find /etc/systemd/system -type l | sort`;

interface Scheme {
  scheme: string;
  /** Asked of a host: what the scheme makes of it, and the answer. */
  sign: string;
  shows: string;
  image?: Release;
  options?: string[];
  /** For the title, where the options are long. */
  program?: string;
  /** A scheme that wants Docker's bridge as well. */
  rival?: string;
  /** The scheme, among those that `npm test` runs, that goes the same way; this one is run by `npm run test:whole`. */
  like?: string;
}

/** A daemon that has just started reads its networks from the store, and the container that stays has to join. */
const STORED = `timeout 60 sh -c 'until docker ps --filter name=xrun-keeper --filter status=running -q | grep -q .; do sleep 1; done'
docker network inspect overlay --format '{{.Driver}} {{.Scope}}'`;

/** The first host's container, asked by this host's; a unit sees to it some time after the boot. */
const FIXED = `lan=$(ip -4 -o address show dev eth0 | sed -n 's/.* inet \\([0-9]*.[0-9]*.[0-9]*\\).*/\\1/p'); timeout 60 sh -c "until docker exec fixed ping -c 1 -W 1 $lan.225 >/dev/null 2>&1; do sleep 1; done" && echo reached`;

const CONTAINERS = {
  static_containers: [
    {
      name: 'fixed',
      address: '{{cidrHost share 1}}/{{cidrPrefix network}}',
      gateway: '{{router}}',
      image: 'busybox',
      command: ['sleep', '100000'],
    },
  ],
};

/** A container of the host's own, asked by the host. */
const SHIM = `c=$(docker run --detach --network macvlan xrun/busybox:1 sleep 60) &&
ping -c 3 -W 2 $(docker inspect --format '{{.NetworkSettings.Networks.macvlan.IPAddress}}' $c) >/dev/null && echo reached; docker rm --force $c >/dev/null`;

/** A real flanneld, where a machine has one; test/run.sh tells when this was not run. */
const flanneld = process.env.XRUN_TEST_FLANNELD;

const SCHEMES: Scheme[] = [
  { scheme: 'direct-route', sign: "ip route | grep -c '^10.20.[0-9]*.0/24 via'", shows: '2', rival: 'flannel' },
  {
    scheme: 'vxlan',
    sign: "bridge fdb show dev xrun-vxlan | grep -c '^00:00:00:00:00:00 dst'",
    shows: '2',
    rival: 'direct-route',
  },
  { scheme: 'br0-bridge', sign: "ip -o -4 addr show dev br0 | grep -c 'inet '", shows: '1', rival: 'direct-route' },
  {
    scheme: 'ovs-gre',
    sign: 'ovs-vsctl --bare --columns=name find interface type=gre | grep -c gre',
    shows: '2',
    rival: 'ovs-vxlan',
    like: 'ovs-vxlan',
  },
  {
    scheme: 'ovs-vxlan',
    sign: 'ovs-vsctl --bare --columns=name find interface type=vxlan | grep -c vxlan',
    shows: '2',
  },
  {
    scheme: 'macvlan',
    sign: "docker network inspect macvlan --format '{{.Driver}}'",
    shows: 'macvlan',
    like: 'macvlan with its shim',
  },
  { scheme: 'macvlan', options: ['-e', 'macvlan_shim=true'], sign: SHIM, shows: 'reached' },
  {
    scheme: 'static-ip',
    options: ['-e', JSON.stringify(CONTAINERS)],
    program: 'a container a host',
    sign: FIXED,
    shows: 'reached',
    like: 'static-ip.test.ts',
  },
  { scheme: 'consul-cluster-store', image: 'bullseye', sign: STORED, shows: 'overlay global' },
  {
    scheme: 'consul-cluster-store',
    options: ['-e', '{"kv":"etcd","kv_servers":["node1","node2","node3"]}'],
    sign: STORED,
    shows: 'overlay global',
    like: 'the store with Consul',
  },
  {
    ...flannel('host-gw', join(import.meta.dirname, 'flanneld.sh'), 'a stand-in for flanneld'),
    like: "direct-route, which has Docker's bridge and routes as well",
  },
  ...(flanneld ? ['vxlan', 'host-gw', 'udp'].map((backend) => flannel(backend, flanneld, 'the real flanneld')) : []),
];

/** Labs that a scheme has left as it found them: the next one begins there. */
const asBefore = new Set<Release>();

/** Every host reaches the subnets of the two others, and Docker has what flannel wrote. */
function flannel(backend: string, file: string, program: string): Scheme {
  const checksum = createHash('sha256').update(readFileSync(file)).digest('hex');
  const via =
    { vxlan: 'via .* dev flannel.1', 'host-gw': 'via .* dev eth0', udp: '^172.16.0.0/12 dev flannel0' }[backend] ?? '';
  return {
    scheme: 'flannel',
    program: `${backend}, ${program}`,
    sign: `. /run/flannel/subnet.env; ip -4 -o addr show dev docker0 | grep -c " $FLANNEL_SUBNET "; timeout 30 sh -c 'until [ "$(ip -4 route show root 172.16.0.0/12 | grep -c "${via}")" = ${backend === 'udp' ? 1 : 2} ]; do sleep 1; done' && echo routed`,
    shows: '1\nrouted',
    rival: 'br0-bridge',
    options: ['-e', JSON.stringify({ flannel_file: file, flannel_checksum: checksum, flannel_backend: backend })],
  };
}

const TITLED = SCHEMES.map((one) => ({
  ...one,
  title: [one.scheme, ...(one.program ? [one.program] : (one.options ?? []))].join(' '),
}));

test('every drift is tried on a scheme', () => {
  const titles = TITLED.map(({ title }) => title);
  expect(Object.keys(DRIFTS).filter((title) => !titles.includes(title))).toEqual([]);
});

const TRIED = TITLED.filter(({ like }) => !like || WHOLE);

describe.each(TRIED)('$title', ({ title, scheme, sign, shows, rival, image = 'bookworm', options = [] }) => {
  const lab = useLab({ image }, () => asBefore.has(image));
  const playbook = `playbooks/${scheme}.yml`;
  let before: string[] = [];

  test('joins the containers as a check foretells, and is there on the hosts', async () => {
    asBefore.delete(image);
    before = await stateOf(lab);
    for (const state of before) expect(state).toContain('eth0');
    const told = await xrun(playbook, '-i', lab.inventory, '--check', ...options);
    expect(told.code, told.output).toBe(0);
    expect(await stateOf(lab), 'a check changes nothing').toEqual(before);
    const up = await xrun(playbook, '-i', lab.inventory, ...options);
    expect(up.code, up.output).toBe(0);
    expect(told.changed.sort(), told.output).toEqual(up.changed.sort());
    expect(up.output).toContain('6 of 6 paths work');
    for (const host of HOSTS) expect(await lab.ask(host, sign)).toBe(shows);
    expect(await stateOf(lab), 'the comparison sees what a scheme does').not.toEqual(before);
  });

  if (rival) {
    test(`${rival} does not take Docker's bridge from it`, async () => {
      const refused = await xrun(`playbooks/${rival}.yml`, '-i', lab.inventory);
      expect(refused.code, refused.output).toBe(1);
      expect(refused.output).toContain('down first');
      expect(refused.changed, refused.output).toEqual([]);
    });
  }

  const drifts = DRIFTS[title];
  if (drifts) findsAndMends(lab, drifts, (...more) => xrun(playbook, '-i', lab.inventory, ...options, ...more));

  test('a host that was restarted is joined again by itself, and a second run changes nothing', async () => {
    await lab.stop('node2');
    const without = await xrun(playbook, '-i', lab.inventory, '--check', ...options);
    expect(without.changed, `the others keep what leads to it: ${without.output}`).toEqual([]);
    await lab.start('node2');
    expect(await lab.ask('node2', sign)).toBe(shows);
    const proof = await xrun(playbook, '-i', lab.inventory, ...options);
    expect(proof.changed, proof.output).toEqual([]);
    expect(proof.output).toContain('6 of 6 paths work');
  });

  test('taken down, of which a check tells, it leaves the hosts as they were', async () => {
    const told = await xrun(playbook, '-i', lab.inventory, '-e', 'state=absent', '--check', ...options);
    expect(told.code, told.output).toBe(0);
    const down = await xrun(playbook, '-i', lab.inventory, '-e', 'state=absent', ...options);
    expect(down.code, down.output).toBe(0);
    // It may tell more: rules that Docker itself takes away when it starts without its bridge.
    expect(
      down.changed.filter((end) => !told.changed.includes(end) && told.statuses[end] !== 'unknown'),
      told.output,
    ).toEqual([]);
    expect(await stateOf(lab)).toEqual(before);
    asBefore.add(image);
  });
});

function stateOf(lab: TestLab): Promise<string[]> {
  return Promise.all(HOSTS.map((host) => lab.ask(host, STATE)));
}
