import { HEADER, lines } from './config.ts';
import type { ConfigFile, InterfaceConfig } from './config.ts';

const file = (id: string) => `/etc/NetworkManager/system-connections/${id}.nmconnection`;

/**
 * Keyfiles of NetworkManager (see nm-settings-keyfile(5)). Of several profiles for one interface the one with the
 * highest priority is used, so that nothing that is there has to be changed.
 */
export function networkManagerFiles(config: InterfaceConfig): ConfigFile[] {
  const files: [string, string][] = [
    [`xrun-${config.name}`, bridge(config)],
    ...config.members.map((member): [string, string] => [
      `xrun-${config.name}-${member}`,
      memberOf(config.name, member),
    ]),
    ...config.bare.map((name): [string, string] => [`xrun-${config.name}-${name}`, bare(config.name, name)]),
  ];
  return files.map(([id, text]) => ({ path: file(id), content: HEADER + text, mode: '0600' }));
}

function profile(id: string, type: string, name: string, more: string[] = []): string {
  return lines(
    '[connection]',
    `id=${id}`,
    `type=${type}`,
    `interface-name=${name}`,
    'autoconnect-priority=100',
    ...more,
    '',
  );
}

function bridge({
  name,
  mac,
  mtu,
  stp,
  forward_delay,
  addresses,
  gateway,
  dns,
  routes,
  accept_ra,
}: InterfaceConfig): string {
  const family = (v6: boolean) => {
    const own = addresses.filter((one) => one.includes(':') === v6);
    const router = gateway && gateway.includes(':') === v6 ? `,${gateway}` : '';
    const servers = dns.filter((one) => one.includes(':') === v6);
    const paths = routes.filter(({ to }) => to.includes(':') === v6);
    const method = own.length > 0 ? 'manual' : v6 ? (accept_ra ? 'auto' : 'link-local') : 'disabled';
    return lines(
      `[ipv${v6 ? 6 : 4}]`,
      `method=${method}`,
      ...own.map((one, i) => `address${i + 1}=${one}${i === 0 ? router : ''}`),
      servers.length > 0 && `dns=${servers.join(';')};`,
      ...paths.map(({ to, via, metric }, i) => `route${i + 1}=${to},${via}${metric === undefined ? '' : `,${metric}`}`),
      '',
    );
  };
  return (
    profile(`xrun-${name}`, 'bridge', name) +
    lines(
      '[bridge]',
      mac && `mac-address=${mac}`,
      `stp=${stp ? 'true' : 'false'}`,
      forward_delay !== undefined && `forward-delay=${forward_delay}`,
      '',
    ) +
    (mtu === undefined ? '' : lines('[ethernet]', `mtu=${mtu}`, '')) +
    family(false) +
    family(true)
  );
}

function memberOf(name: string, member: string): string {
  return profile(`xrun-${name}-${member}`, 'ethernet', member, [`master=${name}`, 'slave-type=bridge']);
}

function bare(name: string, link: string): string {
  return (
    profile(`xrun-${name}-${link}`, 'ethernet', link) +
    lines('[ipv4]', 'method=disabled', '', '[ipv6]', 'method=disabled')
  );
}
