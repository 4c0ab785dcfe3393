import { describe, expect, test } from 'vitest';
import { releases } from '../../lab/state.ts';
import { useLab, WHOLE } from '../support/lab.ts';
import type { TestLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const PLAYBOOK = 'playbooks/swarm-overlay.yml';

/** What a check may not change: files of /etc, what Docker knows, interfaces. */
const FINGERPRINT = `find /etc -type f -exec sha256sum {} + | sort | sha256sum; docker info --format '{{.Swarm.LocalNodeState}}'; docker network ls -q | sort; docker ps -aq | sort; ip -o link show | sed 's/^[0-9]*: //; s/[:@].*//' | sort`;

/** swarm-life.test.ts is on bookworm. */
const RELEASES = WHOLE ? releases : (['trixie'] as const);

/** What somebody does to a host, and how the cause is named. */
const FAULTS = [
  {
    host: 'node1',
    make: 'ip route add blackhole 10.10.50.0/24',
    undo: 'ip route delete blackhole 10.10.50.0/24',
    says: 'a route of node1 (10.10.50.0/24',
  },
  {
    host: 'node2',
    make: 'iptables -I INPUT -p udp --dport 4789 -j DROP',
    undo: 'iptables -D INPUT -p udp --dport 4789 -j DROP',
    says: 'node2 drops udp/4789 in its own firewall (iptables filter INPUT: -A INPUT -p udp -m udp --dport 4789 -j DROP)',
  },
  {
    host: 'node3',
    make: 'ip link set eth0 mtu 1400',
    undo: 'ip link set eth0 mtu 1500',
    says: 'eth0 of node3 has an MTU of 1400',
  },
];

describe.each(RELEASES)('swarm and overlay network on %s', (image) => {
  const lab = useLab({ image });

  test('containers on different hosts reach each other by name, in both directions', async () => {
    const first = await xrun(PLAYBOOK, '-i', lab.inventory);
    expect(first.code, first.output).toBe(0);
    expect(first.output).toContain('6 of 6 paths work');
    const nodes = await lab.ask('node1', "docker node ls --format '{{.Hostname}} {{.Status}}'");
    expect(nodes.split('\n').sort()).toEqual(['node1 Ready', 'node2 Ready', 'node3 Ready']);
    expect(
      await lab.ask(
        'node1',
        "docker network inspect overlay --format '{{.Driver}} {{.Attachable}} {{(index .IPAM.Config 0).Subnet}}'",
      ),
    ).toBe('overlay true 10.10.0.0/16');
    await pingByName(lab);
  });

  test('a second run changes nothing', async () => {
    const second = await xrun(PLAYBOOK, '-i', lab.inventory);
    expect(second.code, second.output).toBe(0);
    expect(second.changed).toEqual([]);
  });

  test('diagnose.yml finds nothing where nothing is wrong, names the cause of each of three faults, and leaves nothing behind', async () => {
    const diagnose = () => xrun('playbooks/diagnose.yml', '-i', lab.inventory);
    const well = await diagnose();
    expect(well.code, well.output).toBe(0);
    expect(well.output).toContain('No cause was found.');
    for (const { host, make } of FAULTS) await lab.ask(host, make);
    const ill = await diagnose();
    for (const { host, undo } of FAULTS) await lab.ask(host, undo);
    expect(ill.code, ill.output).toBe(1);
    for (const { says } of FAULTS) expect(ill.output).toContain(says);
    for (const host of ['node1', 'node2', 'node3'])
      expect(await lab.ask(host, 'nft list tables')).not.toContain('xrun');
  });

  test('a node that left is predicted by a check, which writes nothing, and mended by a run', async () => {
    await lab.ask('node3', 'docker swarm leave --force');
    const before = await lab.ask('node3', FINGERPRINT);
    const check = await xrun(PLAYBOOK, '-i', lab.inventory, '--check');
    expect(check.code, check.output).toBe(0);
    expect(check.changed).toContain('node3 Join');
    expect(
      check.changed.filter((end) => !end.startsWith('node3 ')),
      'nothing else is touched',
    ).toEqual([]);
    expect(await lab.ask('node3', FINGERPRINT)).toBe(before);
    const run = await xrun(PLAYBOOK, '-i', lab.inventory);
    expect(run.code, run.output).toBe(0);
    expect(run.changed, 'what the check said').toEqual(check.changed);
    const nodes = await lab.ask('node1', "docker node ls --format '{{.Hostname}} {{.Status}}'");
    expect(nodes.split('\n').sort()).toEqual(['node1 Ready', 'node2 Ready', 'node3 Ready']);
  });

  test('it is taken down again, as a check foretells', async () => {
    const told = await xrun(PLAYBOOK, '-i', lab.inventory, '-e', 'state=absent', '--check');
    expect(told.code, told.output).toBe(0);
    const down = await xrun(PLAYBOOK, '-i', lab.inventory, '-e', 'state=absent');
    expect(down.code, down.output).toBe(0);
    expect(told.changed.sort(), told.output).toEqual(down.changed.sort());
    for (const node of ['node1', 'node2', 'node3'])
      expect(await lab.ask(node, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe('inactive');
  });
});

/** Our own containers and pings: the playbook's proof is not taken for granted. */
async function pingByName(lab: TestLab): Promise<void> {
  for (const node of ['node1', 'node2'])
    await lab.ask(node, `docker run -d --name own-${node} --network overlay xrun/busybox:1 sleep 600`);
  for (const [from, to] of [
    ['node1', 'node2'],
    ['node2', 'node1'],
  ]) {
    const { code, stdout } = await lab.exec(from!, `docker exec own-${from} ping -c 2 -W 5 own-${to}`);
    expect(code, stdout).toBe(0);
  }
  for (const node of ['node1', 'node2']) await lab.ask(node, `docker rm -f own-${node}`);
}
