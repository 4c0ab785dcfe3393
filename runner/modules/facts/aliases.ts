import ipaddr from 'ipaddr.js';
import type { Facts } from './host.ts';
import { isRoute } from './network.ts';
import type { Interface, Network } from './network.ts';
import type { Os } from './os.ts';

const FAMILIES: Record<string, string> = {
  debian: 'Debian',
  redhat: 'RedHat',
  alpine: 'Alpine',
  suse: 'Suse',
  archlinux: 'Archlinux',
};

/** The same facts under the names that Ansible's playbooks use most, for those that xrun names otherwise. */
export function ansibleNames(facts: Facts): Facts {
  const os = facts.os as Os & { release: string };
  const user = facts.user as { name: string; uid: number; gid: number; home: string; shell: string; path: string };
  const date = facts.date as { epoch: number; iso8601: string };
  const fqdn = String(facts.fqdn);
  const names: Facts = {
    nodename: facts.hostname,
    domain: fqdn.split('.').slice(1).join('.'),
    os_family: FAMILIES[os.family] ?? os.name,
    distribution: os.name,
    distribution_version: os.release,
    distribution_major_version: os.version.split('.')[0],
    distribution_release: os.codename,
    machine: facts.architecture,
    userspace_architecture: facts.architecture,
    pkg_mgr: facts.package_manager,
    service_mgr: facts.init,
    user_id: user.name,
    user_uid: user.uid,
    user_gid: user.gid,
    user_dir: user.home,
    user_shell: user.shell,
    env: { HOME: user.home, SHELL: user.shell, PATH: user.path, USER: user.name },
    date_time: {
      epoch: String(date.epoch),
      iso8601: date.iso8601,
      date: date.iso8601.slice(0, 10),
      time: date.iso8601.slice(11, 19),
    },
  };
  if ('memory_mb' in facts) Object.assign(names, hardware(facts));
  if ('virtualization' in facts)
    Object.assign(names, virtual(facts.virtualization as { type: string; guest: boolean }));
  if ('interfaces' in facts) Object.assign(names, network(facts as unknown as Network));
  return names;
}

function hardware({ cpus, memory }: Facts): Facts {
  const { total_mb, free_mb, swap_mb } = memory as Record<string, number>;
  return {
    processor_vcpus: cpus,
    processor_cores: cpus,
    processor_count: 1,
    memtotal_mb: total_mb,
    memfree_mb: free_mb,
    swaptotal_mb: swap_mb,
  };
}

function virtual({ type, guest }: { type: string; guest: boolean }): Facts {
  return { virtualization_type: guest ? type : 'NA', virtualization_role: guest ? 'guest' : 'NA' };
}

function network({ interfaces, default_ipv4 }: Network): Facts {
  const all = Object.values(interfaces).flatMap((one) => one.addresses);
  const outside = (family: string) =>
    all.filter((one) => one.family === family && !isLoopback(one.address)).map((one) => one.address);
  const facts: Facts = { all_ipv4_addresses: outside('ipv4'), all_ipv6_addresses: outside('ipv6') };
  for (const [name, one] of Object.entries(interfaces))
    facts[name.replace(/[^A-Za-z0-9]/g, '_')] ??= byInterface(name, one);
  if (isRoute(default_ipv4)) {
    const { mac, mtu, type } = interfaces[default_ipv4.interface] as Interface;
    const prefix = default_ipv4.prefix;
    facts.default_ipv4 = {
      ...default_ipv4,
      mac,
      macaddress: mac,
      mtu,
      type,
      alias: default_ipv4.interface,
      ...(prefix !== null && { netmask: netmask(prefix) }),
    };
  }
  return facts;
}

function byInterface(device: string, { mac, mtu, up, type, addresses }: Interface): Facts {
  const [first] = addresses.filter((one) => one.family === 'ipv4');
  const ipv6 = addresses
    .filter((one) => one.family === 'ipv6')
    .map(({ address, prefix, scope }) => ({ address, prefix: String(prefix), scope }));
  return {
    device,
    macaddress: mac,
    mtu,
    active: up,
    type,
    ipv6,
    ...(first && { ipv4: { address: first.address, prefix: String(first.prefix), netmask: netmask(first.prefix) } }),
  };
}

function netmask(prefix: number): string {
  return ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString();
}

function isLoopback(address: string): boolean {
  return ipaddr.parse(address).range() === 'loopback';
}
