import type { Row } from './row.ts';

/** Interfaces, addresses, routes, filters and Open vSwitch. */
export const NETWORK: Row[] = [
  {
    task: { linux_bridge: { name: 'br9', mtu: 1400, stp: true, forward_delay: 4 } },
    ask: "ip -d -o link show br9 | grep -ow 'mtu [0-9]*\\|forward_delay [0-9]*\\|stp_state [0-9]'",
    answer: 'mtu 1400\nforward_delay 400\nstp_state 1',
    drift: {
      by: 'ip link set br9 mtu 1300; ip link set br9 type bridge stp_state 0',
      tells: { 'br9 stp_state': ['off', 'on'], 'br9 mtu': ['1300', '1400'] },
    },
  },
  {
    task: { ip_address: { dev: 'br9', address: '10.99.1.1/24' } },
    ask: "ip -o -4 addr show br9 | grep -o '10.99[^ ]* brd [^ ]*'",
    answer: '10.99.1.1/24 brd 10.99.1.255',
    drift: {
      by: 'ip addr del 10.99.1.1/24 dev br9; ip addr add 10.99.1.1/16 dev br9',
      tells: { 'br9 address': ['10.99.1.1/16', '10.99.1.1/24'] },
    },
  },
  {
    task: { ip_route: { to: '10.98.0.0/16', via: '10.99.1.2', mtu: 1300 } },
    ask: "ip route show 10.98.0.0/16 | sed 's/ linkdown//'",
    answer: '10.98.0.0/16 via 10.99.1.2 dev br9 mtu 1300',
    drift: {
      by: 'ip route replace 10.98.0.0/16 via 10.99.1.3 mtu 1300',
      tells: { 'route 10.98.0.0/16': ['via 10.99.1.3', 'via 10.99.1.2'] },
    },
  },
  {
    task: { ip_link: { name: 'mv9', kind: 'macvlan', mode: 'bridge', parent: 'eth0', mtu: 1400, up: true } },
    ask: "ip -d -o link show mv9 | grep -o ' mtu [0-9]*\\|,UP\\|mode bridge'",
    answer: ',UP\n mtu 1400\nmode bridge',
    drift: { by: 'ip link set mv9 mtu 1300', tells: { 'mv9 mtu': ['1300', '1400'] } },
  },
  {
    title: 'offload',
    task: { ip_link: { name: 'eth0', offload: { tx: false } } },
    ask: 'ethtool -k eth0 | grep ^tx-checksumming',
    answer: 'tx-checksumming: off',
    drift: { by: 'ethtool -K eth0 tx on', tells: { 'eth0 tx-checksumming': ['on', 'off'] } },
  },
  {
    task: { iptables: { chain: 'FORWARD', source: '192.0.2.0/24', jump: 'DROP' } },
    ask: 'iptables -S FORWARD | grep -c -- "-s 192.0.2.0/24 -j DROP"',
    answer: '1',
    drift: {
      by: 'iptables -D FORWARD -s 192.0.2.0/24 -j DROP',
      tells: { 'filter FORWARD rule': [null, '-s 192.0.2.0/24 -j DROP'] },
    },
  },
  {
    task: {
      nftables: {
        table: 'nine',
        chain: 'input',
        chain_management: true,
        type: 'filter',
        hook: 'input',
        rule: 'tcp dport {80,9} ip saddr 192.0.2.0/24 counter drop',
        comment: 'web',
      },
    },
    ask: "nft -s list chain inet nine input | grep -o 'type.*\\|tcp.*'",
    answer:
      'type filter hook input priority filter; policy accept;\ntcp dport { 9, 80 } ip saddr 192.0.2.0/24 counter drop comment "web"',
    drift: {
      by: `h=$(nft -a list chain inet nine input | sed -n 's/.*"web" # handle //p'); nft replace rule inet nine input handle $h tcp dport 80 accept comment '"web"'`,
      tells: {
        'inet nine input rule': ['tcp dport 80 accept', 'tcp dport { 9, 80 } ip saddr 192.0.2.0/24 counter drop'],
      },
    },
  },
  {
    title: 'a rule that is gone',
    task: { nftables: { table: 'nine', chain: 'input', action: 'insert', rule: 'iifname eth0 udp dport 9 accept' } },
    ask: 'nft -s list chain inet nine input | grep -c udp',
    answer: '1',
    drift: {
      by: "nft delete rule inet nine input handle $(nft -a list chain inet nine input | sed -n 's/.*udp.*# handle //p')",
      tells: { 'inet nine input rule': [null, 'iifname "eth0" udp dport 9 accept'] },
    },
  },
  {
    given: 'docker run -d --name c9 --network none --restart always xrun/busybox:1 sleep 100000',
    task: { netns_link: { container: 'c9', bridge: 'br9', address: '10.99.1.9/24', gateway: '10.99.1.1', mtu: 1400 } },
    ask: "docker exec c9 ip -o -4 addr show eth1 | grep -o '10.99[^ ]*' | head -n 1; docker exec c9 ip route | grep -o 'default via [0-9.]*'",
    answer: '10.99.1.9/24\ndefault via 10.99.1.1',
    drift: {
      by: 'nsenter -t $(docker inspect c9 --format "{{.State.Pid}}") -n sh -c "ip link set eth1 mtu 1300; ip route replace default via 10.99.1.3"',
      tells: { 'eth1 mtu': ['1300', '1400'], 'eth1 gateway': ['10.99.1.3', '10.99.1.1'] },
    },
  },
  {
    task: {
      ovs_bridge: {
        name: 'ovs9',
        datapath_type: 'netdev',
        fail_mode: 'standalone',
        other_config: { hwaddr: '02:00:00:00:00:09' },
      },
    },
    ask: 'ovs-vsctl get bridge ovs9 fail_mode; cat /sys/class/net/ovs9/address',
    answer: 'standalone\n02:00:00:00:00:09',
    drift: { by: 'ovs-vsctl set bridge ovs9 fail_mode=secure', tells: { 'ovs9 fail_mode': ['secure', 'standalone'] } },
  },
  {
    task: {
      ovs_port: {
        bridge: 'ovs9',
        port: 'gre9',
        type: 'gre',
        options: { remote_ip: '192.0.2.2', key: 9 },
        protected: true,
      },
    },
    ask: 'ovs-vsctl get interface gre9 options',
    answer: '{key="9", remote_ip="192.0.2.2"}',
    drift: {
      by: 'ovs-vsctl set interface gre9 options:remote_ip=192.0.2.3',
      tells: { 'gre9 options': ['remote_ip=192.0.2.3', 'remote_ip=192.0.2.2'] },
    },
  },
  {
    task: { network_config: { name: 'br8', addresses: ['10.97.1.1/24'], stp: false } },
    ask: 'cat /etc/systemd/network/05-xrun-br8.network | grep Address; systemctl is-active systemd-networkd',
    answer: 'Address=10.97.1.1/24\nactive',
    drift: {
      by: 'sed -i s/10.97.1.1/10.97.1.7/ /etc/systemd/network/05-xrun-br8.network',
      tells: { '/etc/systemd/network/05-xrun-br8.network': ['Address=10.97.1.7/24', 'Address=10.97.1.1/24'] },
    },
  },
];
