import { HEADER, lines } from './config.ts';
import type { ConfigFile, InterfaceConfig } from './config.ts';

/** Files are read in the order of their names and the first that matches an interface wins: 05 is before netplan's 10. */
const file = (name: string, ending: string) => `/etc/systemd/network/05-xrun-${name}.${ending}`;

/** The file by which systemd-networkd knows an interface. */
export const networkdFile = (name: string) => file(name, 'network');

/** The files of systemd-networkd, also where netplan writes its others. Nothing that is there has to be changed. */
export function networkdFiles(config: InterfaceConfig): ConfigFile[] {
  const files: [string, string][] = [
    ...(config.kind === 'bridge' ? ([[file(config.name, 'netdev'), netdev(config)]] as [string, string][]) : []),
    [file(config.name, 'network'), network(config)],
    ...config.members.map((member): [string, string] => [file(member, 'network'), memberOf(config.name, member)]),
    ...config.bare.map((name): [string, string] => [file(name, 'network'), bare(name)]),
  ];
  return files.map(([path, text]) => ({ path, content: HEADER + text, mode: '0644' }));
}

function netdev({ name, mac, mtu, stp, forward_delay }: InterfaceConfig): string {
  return lines(
    '[NetDev]',
    `Name=${name}`,
    'Kind=bridge',
    mac && `MACAddress=${mac}`,
    mtu !== undefined && `MTUBytes=${mtu}`,
    '',
    '[Bridge]',
    stp !== undefined && `STP=${stp ? 'yes' : 'no'}`,
    forward_delay !== undefined && `ForwardDelaySec=${forward_delay}`,
  );
}

function network({ name, addresses, gateway, dns, routes, mtu, accept_ra }: InterfaceConfig): string {
  return lines(
    '[Match]',
    `Name=${name}`,
    mtu !== undefined && `\n[Link]\nMTUBytes=${mtu}`,
    // Addresses stay when the last member loses its carrier: the host's own containers still need them.
    '',
    '[Network]',
    'ConfigureWithoutCarrier=yes',
    `IPv6AcceptRA=${accept_ra ? 'yes' : 'no'}`,
    ...addresses.map((address) => `Address=${address}`),
    gateway && `Gateway=${gateway}`,
    ...dns.map((server) => `DNS=${server}`),
    ...routes.map(({ to, via, metric }) =>
      lines('', '[Route]', `Destination=${to}`, `Gateway=${via}`, metric !== undefined && `Metric=${metric}`).trimEnd(),
    ),
  );
}

function memberOf(bridge: string, name: string): string {
  return lines('[Match]', `Name=${name}`, '', '[Network]', `Bridge=${bridge}`);
}

function bare(name: string): string {
  return lines(
    '[Match]',
    `Name=${name}`,
    '',
    '[Link]',
    'RequiredForOnline=no',
    '',
    '[Network]',
    'LinkLocalAddressing=no',
    'IPv6AcceptRA=no',
  );
}
