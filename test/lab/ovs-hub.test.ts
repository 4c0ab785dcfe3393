import { describe, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';
import { findsAndMends } from './drift.ts';
import type { Drift } from './drift.ts';

const TUNNELS = 'ovs-vsctl --bare --columns=name find interface type=gre | grep -c gre';
const DRIFTS: Drift[] = [
  {
    what: 'the other end of a tunnel',
    how: 'ovs-vsctl set interface gre0 options:remote_ip=203.0.113.9',
    task: 'A tunnel to each of the others',
    tells: 'remote_ip=203.0.113.9',
  },
  {
    what: 'a bridge that waits for a controller',
    how: 'ovs-vsctl set-fail-mode ovs-gre secure -- set-controller ovs-gre tcp:127.0.0.1:6653',
    task: 'A bridge for the tunnels',
    tells: 'ovs-gre fail_mode',
  },
  {
    what: 'the key of a tunnel',
    how: 'ovs-vsctl set interface gre0 options:key=8',
    task: 'A tunnel to each of the others',
    tells: 'key=8',
  },
];

describe('tunnels to one host only, with a key', () => {
  const lab = useLab();
  const run = (...more: string[]) =>
    xrun('playbooks/ovs-gre.yml', '-i', lab.inventory, '-e', 'ovs_hub=node1', '-e', 'ovs_key=7', ...more);

  test('the hub has one to each host, the others one to the hub', async () => {
    const up = await run();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain('6 of 6 paths work');
    for (const [host, tunnels] of [
      ['node1', '2'],
      ['node2', '1'],
      ['node3', '1'],
    ] as const)
      expect(await lab.ask(host, TUNNELS)).toBe(tunnels);
  });

  findsAndMends(lab, DRIFTS, run);

  test('taken down for who comes next', async () => {
    const down = await run('-e', 'state=absent');
    expect(down.code, down.output).toBe(0);
  });
});
