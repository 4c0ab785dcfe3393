import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';
import { changesOf, hostStates } from './state.ts';

const HOSTS = ['node1', 'node2'];
const FLANNELD = join(import.meta.dirname, '../lab/flanneld.sh');
const checksum = createHash('sha256').update(readFileSync(FLANNELD)).digest('hex');

/**
 * What somebody else has on every host: an IPv6 address that systemd-networkd gives, a container, a network, docker_gwbridge with a
 * label, a unit, and rules that are those of the playbooks but for their comment.
 */
const THEIRS = `n=$(hostname | tr -dc 0-9)
file=$(networkctl status eth0 | sed -n 's/.*Network File: //p')
mkdir -p /etc/systemd/network/$(basename "$file").d && printf '[Network]\\nAddress=fd00:16::%s/64\\n' "$n" >/etc/systemd/network/$(basename "$file").d/six.conf
networkctl reload && networkctl reconfigure eth0
docker image inspect xrun/busybox:1 >/dev/null 2>&1 || docker import /var/lib/xrun/busybox.tar xrun/busybox:1
docker network create --label theirs=yes -o com.docker.network.bridge.name=docker_gwbridge docker_gwbridge
docker network create theirs
docker run --detach --restart unless-stopped --name mine --network theirs xrun/busybox:1 sleep 1000000
printf '[Service]\\nExecStart=/bin/sleep 1000000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/theirs.service
systemctl daemon-reload && systemctl enable --quiet --now theirs
iptables -A FORWARD -s 172.16.0.0/12 -j ACCEPT; iptables -A DOCKER-USER -s 10.20.0.0/16 -d 10.20.0.0/16 -j ACCEPT
timeout 30 sh -c 'until ip -6 address show dev eth0 | grep -q fd00:16::; do sleep 1; done'`;

/** Faults of the network, each on node2 while the scheme is up, and how it ends. */
const DROPPED = {
  fault: 'VXLAN is dropped',
  make: 'iptables -I INPUT -p udp --dport 4789 -j DROP',
  undo: 'iptables -D INPUT -p udp --dport 4789 -j DROP',
};
const SMALL = { fault: 'a smaller MTU', make: 'ip link set eth0 mtu 1400', undo: 'ip link set eth0 mtu 1500' };
const STOPPED = { fault: 'a restart of Docker', make: 'systemctl restart docker', undo: 'true' };
const DOWN = { fault: 'the bridge is off', make: 'ip link set docker0 down', undo: 'true' };

const LIVES = [
  { scheme: 'br0-bridge', options: [], faults: [STOPPED] },
  { scheme: 'direct-route', options: [], faults: [DOWN, STOPPED] },
  { scheme: 'macvlan', options: ['-e', 'macvlan_shim=true'], faults: [STOPPED] },
  {
    scheme: 'flannel',
    options: [
      '-e',
      JSON.stringify({
        flannel_file: FLANNELD,
        flannel_checksum: checksum,
        flannel_backend: 'host-gw',
        flannel_network: '10.40.0.0/16',
      }),
    ],
    faults: [STOPPED],
  },
  { scheme: 'consul-cluster-store', options: ['-e', 'kv=etcd'], faults: [DROPPED] },
  { scheme: 'swarm-overlay', options: [], faults: [DROPPED, SMALL] },
];

describe.each(LIVES)('$scheme on hosts where somebody else has things', ({ scheme, options, faults }) => {
  const lab = useLab({ hosts: 2 });
  const run = (...more: string[]) =>
    xrun(`playbooks/${scheme}.yml`, '-i', lab.inventory, '-e', 'restart_containers=true', ...options, ...more);
  let before = new Map<string, string[]>();

  test('it comes up, and their containers, networks, units, rules and IPv6 addresses stay', async () => {
    for (const host of HOSTS) await lab.ask(host, THEIRS);
    before = await hostStates(lab, HOSTS);
    const up = await run();
    expect(up.code, up.output).toBe(0);
    const gone = changesOf(before, await hostStates(lab, HOSTS)).filter((line) =>
      / - (container|network|unit file|runs|rule|program) /.test(line),
    );
    expect(
      gone.filter((line) => !/ rule .*docker0/.test(line)),
      up.output,
    ).toEqual([]);
    for (const host of HOSTS)
      expect(await lab.ask(host, "ip -6 -o address show scope global | grep -c ' fd00:16::'"), 'the IPv6 address').toBe(
        '1',
      );
  });

  test.each(faults)('$fault: what a run does then touches nothing of theirs', async ({ make, undo }) => {
    const theirs =
      "docker inspect --format '{{.Id}} {{.State.Running}}' mine; docker network inspect --format '{{.Id}}' theirs docker_gwbridge; systemctl is-active theirs";
    const was = await lab.ask('node2', theirs);
    await lab.ask('node2', make);
    try {
      const ran = await run();
      expect([0, 1], ran.output).toContain(ran.code);
      expect(await lab.ask('node2', theirs)).toBe(was);
    } finally {
      await lab.ask('node2', undo);
    }
  });

  test('absent leaves the hosts as they were', async () => {
    const down = await run('-e', 'state=absent');
    expect(down.code, down.output).toBe(0);
    expect(changesOf(before, await hostStates(lab, HOSTS)), down.output).toEqual([]);
  });
});
