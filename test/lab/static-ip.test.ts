import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const HOSTS = ['node1', 'node2'];

/** A bridge on the second interface, which the hosts have an address on; containers of the user's own. */
const GIVEN = (
  host: string,
) => `ip link add brs type bridge && ip link set dev eth1 master brs && ip link set dev brs up
ip address add 10.77.0.${host.slice(4)}/24 dev brs
docker run --detach --restart always --network none --name db xrun/busybox:1 sleep 100000
docker run --detach --name web xrun/busybox:1 sleep 100000`;

/** The interfaces and units that a refused run must not have touched. */
const STATE =
  "ip -o link | sed 's/^[0-9]*: //; s/[:@].*//' | sort; ls /etc/xrun /etc/systemd/system 2>&1; docker exec db ip -o address";

type Containers = { name: string; address: string; mac?: string }[];

describe('fixed addresses for containers of the user, on a bridge that is there', () => {
  const lab = useLab({ hosts: 2, nics: 2 });
  let dir = '';

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'xrun-static-'));
    await Promise.all(HOSTS.map((host) => lab.ask(host, GIVEN(host))));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function run(containers: Record<string, Containers>, ...options: string[]) {
    const vars = join(dir, 'vars.yml');
    const hosts = Object.entries(containers).map(([host, static_containers]) => [host, { static_containers }]);
    await writeFile(
      vars,
      JSON.stringify({ all: { vars: { static_network: '10.77.0.0/24' }, hosts: Object.fromEntries(hosts) } }),
    );
    return xrun('playbooks/static-ip.yml', '-i', lab.inventory, '-i', vars, ...options);
  }

  const db = (last: number, more = {}): Containers => [{ name: 'db', address: `10.77.0.${last}/24`, ...more }];
  const right = { node1: db(101), node2: db(102, { mac: '02:00:00:00:01:02' }) };

  test.each([
    {
      why: 'an address twice',
      containers: { node1: db(101), node2: db(101) },
      says: ["is another container's as well"],
    },
    {
      why: 'an address of another network, and one that somebody has',
      containers: { node1: [{ name: 'db', address: '10.78.0.1/24' }], node2: db(1) },
      says: ['each must be an address in 10.77.0.0/24', 'another host answers at 10.77.0.1/24 already'],
    },
    {
      why: 'a container that is not there, and one that Docker has given an interface',
      containers: {
        node1: [{ name: 'no', address: '10.77.0.101/24' }],
        node2: [{ name: 'web', address: '10.77.0.102/24' }],
      },
      says: ['there is no container no', 'container web has its eth0 from Docker'],
    },
    {
      why: 'a member of a bridge',
      containers: right,
      options: ['-e', 'static_parent=eth1'],
      says: ['eth1 is a member of a bridge'],
    },
    {
      why: 'a bridge that is not there',
      containers: right,
      options: ['-e', 'static_bridge=br7'],
      says: ['br7 is not there'],
    },
  ])('refuses $why, and changes nothing', async ({ containers, options = ['-e', 'static_bridge=brs'], says }) => {
    const before = await Promise.all(HOSTS.map((host) => lab.ask(host, STATE)));
    const ran = await run(containers, ...options);
    expect(ran.code, ran.output).toBe(1);
    for (const why of says) expect(ran.output.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(await Promise.all(HOSTS.map((host) => lab.ask(host, STATE)))).toEqual(before);
  });

  const bridged = ['-e', 'static_bridge=brs'];
  const reached = (to: string) =>
    `timeout 60 sh -c 'until docker exec db ping -c 1 -W 1 ${to} >/dev/null 2>&1; do sleep 1; done' && echo reached`;

  test('they reach each other, and their host, as a check foretells', async () => {
    const told = await run(right, ...bridged, '--check');
    expect(told.code, told.output).toBe(0);
    const ran = await run(right, ...bridged);
    expect(ran.code, ran.output).toBe(0);
    expect(told.changed).toEqual(ran.changed);
    expect(await lab.ask('node1', reached('10.77.0.102'))).toBe('reached');
    expect(await lab.ask('node2', reached('10.77.0.2'))).toBe('reached');
    expect(await lab.ask('node2', 'docker exec db cat /sys/class/net/eth0/address')).toBe('02:00:00:00:01:02');
    expect((await run(right, ...bridged)).changed).toEqual([]);
  });

  test.each([
    { what: 'the container restarts', how: 'docker restart --time 0 db' },
    { what: 'its process dies', how: "kill -9 $(docker inspect --format '{{.State.Pid}}' db)" },
    { what: 'Docker restarts', how: 'systemctl restart docker' },
  ])('again when $what', async ({ how }) => {
    const started = "docker inspect --format '{{.State.StartedAt}}' db";
    const before = await lab.ask('node2', started);
    await lab.ask('node2', how);
    await expect.poll(() => lab.ask('node2', started), { timeout: 60_000, interval: 500 }).not.toBe(before);
    expect(await lab.ask('node2', reached('10.77.0.101'))).toBe('reached');
  });

  test("they can be given other ones; taken down, the user's containers are left without", async () => {
    const other = { ...right, node2: db(112) };
    const moved = await run(other, ...bridged);
    expect(moved.code, moved.output).toBe(0);
    expect(moved.changed.filter((one) => one.startsWith('node1'))).toEqual([]);
    expect(await lab.ask('node1', reached('10.77.0.112'))).toBe('reached');
    const down = await run(other, ...bridged, '-e', 'state=absent');
    expect(down.code, down.output).toBe(0);
    expect(await lab.ask('node1', 'iptables -S DOCKER-USER')).not.toContain('brs');
    for (const host of HOSTS)
      expect(await lab.ask(host, 'docker exec db ls /sys/class/net; ip -o link show master brs | wc -l')).toBe('lo\n1');
  });
});
