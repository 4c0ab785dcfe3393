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
