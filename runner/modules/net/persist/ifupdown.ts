import { HEADER, lines } from './config.ts';
import type { ConfigFile, InterfaceConfig } from './config.ts';

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
    ...routes.map(({ to, via, metric }) => `  up ip route replace ${to} via ${via} dev ${name}${metric === undefined ? '' : ` metric ${metric}`}`),
    config.kind === 'bridge' && `  post-down ip link delete dev ${name}`,
  );
  return { path: `/etc/network/interfaces.d/xrun-${name}`, content: HEADER + content, mode: '0644' };
}

/** What has to be done before the interface gets its addresses. */
function before({ name, kind, members, bare, mac, stp, forward_delay }: InterfaceConfig): string[] {
  const up = bare.map((link) => `ip link set dev ${link} up`);
  if (kind === 'existing') {
    // Open vSwitch makes it, and may not have done so yet.
    return [`for i in 1 2 3 4 5 6 7 8 9 10; do ip link show dev ${name} >/dev/null 2>&1 && break; sleep 1; done`, ...up];
  }
  return [
    `ip link show dev ${name} >/dev/null 2>&1 || ip link add name ${name} type bridge`,
    ...(stp === undefined ? [] : [`ip link set dev ${name} type bridge stp_state ${Number(stp)}`]),
    ...(forward_delay === undefined ? [] : [`ip link set dev ${name} type bridge forward_delay ${Math.round(forward_delay * 100)}`]),
    ...(mac ? [`ip link set dev ${name} address ${mac}`] : []),
    ...members.map((member) => `ip link set dev ${member} master ${name} up`),
    ...up,
  ];
}

const STANZA = /^\s*(iface|mapping|auto|allow-\S+|no-auto-down|no-scripts|source|source-directory|rename|template)\b/;
const mark = (name: string) => `#xrun ${name}# `;

/**
 * Comments out what an interfaces file says of the given interfaces, under a mark that names the configuration, so
 * that it can be taken back. Names in a list (`auto lo eth0`) lose only those interfaces, on a line of their own.
 */
export function withoutInterfaces(content: string, names: readonly string[], config: string): string {
  let inside = false;
  const out: string[] = [];
  for (const line of content.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (STANZA.test(line)) inside = words[0] === 'iface' && names.includes(words[1] ?? '');
    const listed = /^(auto|allow-\S+)$/.test(words[0] ?? '') && words.slice(1).some((word) => names.includes(word));
    const kept = words.slice(1).filter((word) => !names.includes(word));
    if (listed && kept.length > 0) out.push(mark(config) + line, `${words[0]} ${kept.join(' ')} #xrun ${config}`);
    else if (listed || (inside && line.trim() !== '' && !line.startsWith('#'))) out.push(mark(config) + line);
    else out.push(line);
  }
  return out.join('\n');
}

/** The file as it was before {@link withoutInterfaces}. */
export function restoredInterfaces(content: string, config: string): string {
  return content
    .split('\n')
    .filter((line) => !line.endsWith(` #xrun ${config}`))
    .map((line) => (line.startsWith(mark(config)) ? line.slice(mark(config).length) : line))
    .join('\n');
}
