import { expect, test } from 'vitest';
import type { TestLab } from '../support/lab.ts';
import type { Ran } from '../support/xrun.ts';

const HOSTS = ['node1', 'node2', 'node3'];

/** What schemes manage on a host; Docker's own rules stay as they are. */
const STATE = `ip -o -4 address | awk '{print $2,$4}' | grep -v veth | sort
ip -4 route | sed 's/ linkdown//' | sort
ip -o link | sed 's/^[0-9]*: //; s/ qdisc.*//; s/<[^>]*>//' | grep -v veth | sort
iptables-save | grep -v '^[#:]' | sort
ovs-vsctl --format=csv --columns=name,fail_mode,controller,stp_enable list bridge | sort
ovs-vsctl --format=csv --columns=name,type,options,mtu_request list interface | sort
ovs-vsctl --format=csv --columns=name,protected,tag,trunks list port | sort
bridge fdb show | grep '^00:00:00:00:00:00 dev xrun' | sort
sysctl net.ipv4.ip_forward
systemctl list-unit-files --no-legend 'xrun-*.service'
sha256sum /etc/docker/daemon.json /etc/xrun/* /etc/systemd/network/* /etc/systemd/system/xrun-* 2>/dev/null
systemctl show --property=ActiveEnterTimestamp docker`;

/** Something that somebody changes by hand. */
export interface Drift {
  what: string;
  /** Done on node2. */
  how: string;
  /** The task that is to find it, and a piece of the difference that it tells. */
  task: string;
  tells: string;
}

/** An address of the lab's, by the last number. */
const LAN = "lan=$(ip -4 -o address | sed -n 's/.* inet \\(198[.]18[.][0-9]*\\).*/\\1/p'); ";

/** By what schemes.test.ts calls the scheme. */
export const DRIFTS: Record<string, Drift[]> = {
  'ovs-vxlan': [
    {
      what: 'the other end of one tunnel of two',
      how: 'ovs-vsctl set interface vxlan2 options:remote_ip=203.0.113.9',
      task: 'A tunnel to each of the others',
      tells: 'remote_ip=203.0.113.9',
    },
    {
      what: 'an option more',
      how: 'ovs-vsctl set interface vxlan0 options:ttl=3',
      task: 'A tunnel to each of the others',
      tells: 'ttl=3',
    },
    {
      what: 'a tunnel in a VLAN',
      how: 'ovs-vsctl set port vxlan2 tag=5',
      task: 'A tunnel to each of the others',
      tells: 'vxlan2 tag',
    },
    {
      what: 'no unit',
      how: 'rm /etc/systemd/system/xrun-ovs-vxlan.service',
      task: 'The same after a reboot, or a restart of Open vSwitch',
      tells: 'xrun-ovs-vxlan.service',
    },
    {
      what: 'a unit that cannot be started',
      how: 'systemctl mask xrun-ovs-vxlan',
      task: 'The unit',
      tells: 'xrun-ovs-vxlan.service masked',
    },
    {
      what: 'no split horizon',
      how: 'ovs-vsctl set port vxlan0 protected=false',
      task: 'A tunnel to each of the others',
      tells: 'vxlan0 protected',
    },
  ],
  vxlan: [
    {
      what: 'a host that is no longer known, and one too many',
      how: `${LAN}bridge fdb delete 00:00:00:00:00:00 dev xrun-vxlan dst $lan.13; bridge fdb append 00:00:00:00:00:00 dev xrun-vxlan dst 203.0.113.9`,
      task: 'It knows all others',
      tells: '203.0.113.9',
    },
    {
      what: 'another MTU',
      how: 'ip link set xrun-vxlan mtu 1400',
      task: "The interface to the other hosts, in Docker's bridge",
      tells: 'xrun-vxlan mtu',
    },
    {
      what: 'a unit that does not start at boot',
      how: 'systemctl disable xrun-vxlan',
      task: 'The unit',
      tells: 'xrun-vxlan.service enabled',
    },
  ],
  'direct-route': [
    {
      what: "a route's gateway",
      how: `${LAN}ip route replace 10.20.0.0/24 via $lan.13`,
      task: 'The subnets of the others',
      tells: '10.20.0.0/24',
    },
    {
      what: 'another route before the right one',
      how: `${LAN}ip route prepend 10.20.2.0/24 via $lan.11`,
      task: 'The subnets of the others',
      tells: '10.20.2.0/24',
    },
    {
      what: 'a rule that no packet comes to, twice',
      how: 'set -- -s 10.20.0.0/16 -d 10.20.0.0/16 -m comment --comment xrun:direct-route -j ACCEPT; iptables -D DOCKER-USER "$@" && iptables -A DOCKER-USER "$@" && iptables -A DOCKER-USER "$@"',
      task: 'Containers of other hosts come in',
      tells: 'DOCKER-USER',
    },
    {
      what: 'a host that forwards nothing',
      how: 'sysctl -w net.ipv4.ip_forward=0',
      task: 'The host forwards packets',
      tells: 'net.ipv4.ip_forward',
    },
    {
      what: 'a rule of NAT that is gone',
      how: 'iptables -t nat -D POSTROUTING -s 10.20.1.0/24 ! -d 10.20.0.0/16 -m comment --comment xrun:direct-route -j MASQUERADE',
      task: 'Containers keep their addresses among themselves, and hide behind the host elsewhere',
      tells: 'MASQUERADE',
    },
  ],
  'macvlan -e macvlan_shim=true': [
    {
      what: "the shim's MTU",
      how: 'ip link set dev macvlan-shim mtu 1300',
      task: 'The interface',
      tells: 'macvlan-shim mtu',
    },
    {
      what: 'a second address',
      how: 'ip address add 203.0.113.9/24 dev macvlan-shim',
      task: 'Its address',
      tells: '203.0.113.9/24',
    },
    {
      what: 'a unit that does not start at boot',
      how: 'systemctl disable xrun-macvlan-shim',
      task: 'The unit',
      tells: 'xrun-macvlan-shim.service enabled',
    },
  ],
  'flannel host-gw, a stand-in for flanneld': [
    {
      what: 'a rule that is gone',
      how: 'iptables -D FORWARD -s 172.16.0.0/12 -m comment --comment xrun:flannel -j ACCEPT',
      task: 'Those that they send',
      tells: 'filter FORWARD rule',
    },
    {
      what: 'a host that forwards nothing',
      how: 'sysctl -w net.ipv4.ip_forward=0',
      task: 'The host forwards packets',
      tells: 'ip_forward',
    },
    {
      what: "Docker's bridge is off",
      how: 'ip link set dev docker0 down',
      task: 'docker0 is on',
      tells: 'docker0 link',
    },
  ],
  'br0-bridge': [
    { what: "the bridge's MTU", how: 'ip link set dev br0 mtu 1400', task: 'Bridge', tells: 'br0 mtu' },
    {
      what: "the uplink's MTU",
      how: 'ip link set dev eth0 mtu 1450',
      task: 'The uplink lets through what the bridge does',
      tells: 'eth0 mtu',
    },
  ],
};

/** Where a scheme is as its playbook makes it: a check tells all drifts and nothing else, a run mends them and nothing else. `run` runs it. */
export function findsAndMends(
  lab: TestLab,
  drifts: readonly Drift[],
  run: (...options: string[]) => Promise<Ran>,
): void {
  const states = () => Promise.all(HOSTS.map((host) => lab.ask(host, STATE)));
  test(`${drifts.map(({ what }) => what).join(', ')}: a check finds it, a run repairs it, and nothing else is touched`, async () => {
    const right = await states();
    for (const { how } of drifts) {
      const before = await lab.ask('node2', STATE);
      await lab.ask('node2', how);
      expect(await lab.ask('node2', STATE), how).not.toBe(before);
    }
    const drifted = await states();
    const found = [...new Set(drifts.map(({ task }) => `node2 ${task}`))].sort();
    const told = await run('--check', '--diff');
    expect(told.code, told.output).toBe(0);
    expect(told.changed, told.output).toEqual(found);
    for (const { tells } of drifts) expect(told.output).toContain(tells);
    expect(await states(), 'a check changes nothing').toEqual(drifted);
    const repaired = await run();
    expect(repaired.code, repaired.output).toBe(0);
    expect(repaired.changed, repaired.output).toEqual(found);
    expect(await states()).toEqual(right);
  });
}
