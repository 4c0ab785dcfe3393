import { HEADER, lines } from './config.ts';
import type { ConfigFile, InterfaceConfig } from './config.ts';

export const ifupdownPath = (name: string) => `/etc/network/interfaces.d/xrun-${name}`;

/** The file of ifupdown for one interface. Bridges are made by `ip`, so that bridge-utils need not be there. */
export function ifupdownFile(config: InterfaceConfig): ConfigFile {
  const { name, addresses, gateway, dns, routes, mtu } = config;
  const v4 = addresses.filter((one) => !one.includes(':'));
  const first = v4[0];
  const rest = addresses.filter((one) => one !== first);
  const content = lines(
    `auto ${name}`,
    `iface ${name} inet ${first ? 'static' : 'manual'}`,
    first && `  address ${first}`,
    first && gateway && !gateway.includes(':') && `  gateway ${gateway}`,
    dns.length > 0 && `  dns-nameservers ${dns.join(' ')}`,
    ...before(config).map((command) => `  pre-up ${command}`),
    mtu !== undefined && `  pre-up ip link set dev ${name} mtu ${mtu}`,
    `  up ip link set dev ${name} up`,
    ...rest.map((one) => `  up ip address replace ${one} dev ${name}`),
    gateway?.includes(':') && `  up ip -6 route replace default via ${gateway} dev ${name}`,
    ...routes.map(
      ({ to, via, metric }) =>
        `  up ip route replace ${to} via ${via} dev ${name}${metric === undefined ? '' : ` metric ${metric}`}`,
    ),
    config.kind === 'bridge' && `  post-down ip link delete dev ${name}`,
  );
  return { path: ifupdownPath(name), content: HEADER + content, mode: '0644' };
}

/** What has to be done before the interface gets its addresses. */
function before({ name, kind, members, bare, mac, stp, forward_delay }: InterfaceConfig): string[] {
  const up = bare.map((link) => `ip link set dev ${link} up`);
  if (kind === 'existing') {
    // Open vSwitch makes it, and may not have done so yet.
    return [
      `for i in 1 2 3 4 5 6 7 8 9 10; do ip link show dev ${name} >/dev/null 2>&1 && break; sleep 1; done`,
      ...up,
    ];
  }
  return [
    `ip link show dev ${name} >/dev/null 2>&1 || ip link add name ${name} type bridge`,
    ...(stp === undefined ? [] : [`ip link set dev ${name} type bridge stp_state ${Number(stp)}`]),
    ...(forward_delay === undefined
      ? []
      : [`ip link set dev ${name} type bridge forward_delay ${Math.round(forward_delay * 100)}`]),
    ...(mac ? [`ip link set dev ${name} address ${mac}`] : []),
    ...members.map((member) => `ip link set dev ${member} master ${name} up`),
    ...up,
  ];
}
