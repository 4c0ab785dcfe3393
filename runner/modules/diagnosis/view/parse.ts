import { dropsOfIptables, chainsOfIptables } from '../rules/iptables.ts';
import { dropsOfNft } from '../rules/nft.ts';
import type { RuleView } from '../rules/rule.ts';
import { containersOf, overlayOf } from './containers.ts';
import type { Member } from './containers.ts';
import { dockerOf, networkOf, nodesOf } from './docker.ts';
import { addressesOf, linksOf, neighboursOf, routesOf } from './ip.ts';
import type { IpLink } from './ip.ts';
import { json, outputsOf, said } from './outputs.ts';
import type { Outputs } from './outputs.ts';
import type { HostView, NetworkView, RouteView } from './view.ts';

/**
 * The view of a host from what probeView printed. A command that failed leaves its part empty: a diagnosis says what it sees, and is of
 * use where half of a host is broken.
 *
 * @param address by which others send to the host, where that is known better than by Docker's swarm
 */
export function viewOf(stdout: string, address: string | undefined): HostView {
  const out = outputsOf(stdout);
  const docker = dockerOf(out);
  const network = networkOf(out);
  const addresses = addressesOf(out, 'addresses');
  const overlay = overlayOf(out);
  const routes = routesOf(out, 'routes');
  const iptables = said(out, 'iptables');
  return {
    address: address ?? (docker.swarm.address || ownAddress(routes, addresses)),
    clock: Number(said(out, 'clock') ?? 0),
    machineId: said(out, 'machine') ?? '',
    hostname: said(out, 'name') ?? '',
    links: linksOf(out),
    addresses,
    routes,
    routingRules: routingRulesOf(out),
    neighbours: neighboursOf(out, 'neighbours'),
    settings: settingsOf(out),
    drops: dropsOf(out),
    ...(iptables !== undefined && { chains: chainsOfIptables(iptables) }),
    firewalls: firewallsOf(out),
    docker: { ...docker, ...nodesOf(out) },
    ...(network && { network: withVni(network, out) }),
    ...(overlay && { overlay }),
    containers: containersOf(out, json<{ Containers?: Record<string, Member> }>(out, 'network')[0]),
    lacks: out.get('esp')?.rc === 0 ? [] : ['esp'],
  };
}

function dropsOf(out: Outputs): RuleView[] {
  const sets = said(out, 'ipsets');
  const listed = said(out, 'iptables');
  return [
    ...dropsOfIptables(listed ?? '', 'iptables', sets),
    ...dropsOfIptables(said(out, 'iptables-legacy') ?? '', 'iptables-legacy', sets),
    ...dropsOfIptables(said(out, 'ip6tables') ?? '', 'ip6tables', sets),
    ...dropsOfNft(said(out, 'nft') ?? '', listed !== undefined),
  ];
}

/** The kernel has three by itself: of local addresses, of the table main, of the table default. */
function routingRulesOf(out: Outputs): string[] {
  const lines = (said(out, 'rules') ?? '').split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
  return lines.filter((line) => line !== '' && !/^\d+: from all lookup (local|main|default)$/.test(line));
}

function settingsOf(out: Outputs): Record<string, string> {
  return Object.fromEntries(
    [...out]
      .filter(([title]) => title.startsWith('setting:'))
      .map(([title, { text }]) => [title.slice(8).replaceAll('/', '.'), text.trim()]),
  );
}

function firewallsOf(out: Outputs): HostView['firewalls'] {
  const ufw = said(out, 'ufw');
  const firewalld = said(out, 'firewalld');
  return [
    ...(ufw && /^Status: active/m.test(ufw) ? [{ name: 'ufw' as const, opened: ufw }] : []),
    ...(firewalld ? [{ name: 'firewalld' as const, opened: firewalld }] : []),
  ];
}

function withVni(network: NetworkView, out: Outputs): NetworkView {
  const vxlan = json<IpLink>(out, 'overlay-links').find(({ linkinfo }) => linkinfo?.info_kind === 'vxlan');
  return vxlan ? { ...network, vni: vxlan.linkinfo?.info_data?.id ?? 0, mtu: vxlan.mtu } : network;
}

/** The address of the interface of the default route. */
function ownAddress(routes: readonly RouteView[], addresses: HostView['addresses']): string {
  const dev = routes.find(({ to }) => to === 'default')?.dev;
  const own = addresses.find((one) => one.dev === dev && one.address.includes('.'))?.address ?? '';
  return own.replace(/\/.*/, '');
}
