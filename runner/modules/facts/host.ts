import ipaddr from 'ipaddr.js';
import { dockerOf } from './docker.ts';
import { isRoute, networkOf } from './network.ts';
import type { Interface, Network } from './network.ts';
import { osOf, releaseOf } from './os.ts';
import type { Sections } from './probe.ts';

export type Facts = Record<string, unknown>;

/** The facts that a host's answers hold, under xrun's own names. */
export function factsOf(found: Sections): Facts {
  const { uname = [] } = found;
  const [system = '', node = '', kernel = '', architecture = ''] = uname;
  if (uname.length !== 4) throw new Error('uname did not print all it was asked for');
  const os = osOf(found);
  const facts: Facts = {
    system,
    hostname: node.split('.')[0],
    fqdn: fqdnOf(node, found.hosts ?? []),
    os: { ...os, release: releaseOf(found, os) },
    kernel,
    architecture,
    init: found.init?.[0] ?? 'unknown',
    package_manager: packageManager(found.tools ?? []),
    tools: found.tools ?? [],
    user: userOf(found),
    dns: dnsOf(found.dns ?? []),
    date: dateOf(found.date?.[0] ?? ''),
    boot_id: found.boot?.find((line) => line.includes('-')) ?? null,
    uptime_seconds: Math.floor(Number(found.boot?.find((line) => !line.includes('-'))?.split(' ')[0] ?? 0)),
    machine_id: found.machine?.[0] ?? null,
    selinux: found.selinux?.length ? (found.selinux[0] === '1' ? 'enforcing' : 'permissive') : 'disabled',
    python: /^\S+ Python (\S+)/.exec(found.python?.[0] ?? '')?.[1] ?? null,
  };
  if (found.links) Object.assign(facts, withMac(networkOf(found)));
  if (found.memory) Object.assign(facts, hardwareOf(found));
  if (found.virtual) facts.virtualization = virtualization(found.virtual[0]);
  if (found.docker) facts.docker = dockerOf(found);
  if (found.ovs) facts.ovs = ovsOf(found.ovs);
  return facts;
}

/** The way out also with what its interface is like. */
function withMac(network: Network): Network {
  const { default_ipv4: route, interfaces } = network;
  if (!isRoute(route)) return network;
  const { mac, mtu, type } = interfaces[route.interface] as Interface;
  const netmask =
    route.prefix === null ? {} : { netmask: ipaddr.IPv4.subnetMaskFromPrefixLength(route.prefix).toString() };
  const more = { mac, macaddress: mac, mtu, type, alias: route.interface, ...netmask };
  return { ...network, default_ipv4: { ...route, ...more } };
}

/** As /etc/hosts has it: asking the DNS could take many seconds. */
function fqdnOf(node: string, hosts: string[]): string {
  if (node.includes('.')) return node;
  const line = hosts
    .map((one) => one.replace(/#.*/, '').trim().split(/\s+/))
    .find(([, ...names]) => names.includes(node));
  return line?.slice(1).find((name) => name.startsWith(`${node}.`)) ?? node;
}

function packageManager(tools: string[]): string | null {
  const known: [tool: string, name: string][] = [
    ['apt-get', 'apt'],
    ['dnf', 'dnf'],
    ['yum', 'yum'],
    ['apk', 'apk'],
    ['zypper', 'zypper'],
    ['pacman', 'pacman'],
  ];
  return known.find(([tool]) => tools.includes(tool))?.[1] ?? null;
}

function userOf({ user = [] }: Sections) {
  const [name = '', uid = '', gid = '', home = '', shell = '', path = ''] = user;
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) throw new Error('id did not print all it was asked for');
  return { name, uid: Number(uid), gid: Number(gid), home, shell, path };
}

function dnsOf(lines: string[]) {
  const words = (key: string) => lines.map((line) => line.trim().split(/\s+/)).filter(([first]) => first === key);
  return {
    nameservers: words('nameserver').map(([, address]) => address),
    search: words('search').flatMap(([, ...names]) => names),
  };
}

function dateOf(line: string) {
  const [, epoch = '', zone = ''] = /^(\d+) ([+-]\d{4})(?: \S*)?$/.exec(line) ?? [];
  if (zone === '') throw new Error('date did not print all it was asked for');
  return {
    epoch: Number(epoch),
    iso8601: new Date(Number(epoch) * 1000).toISOString().replace('.000', ''),
    tz_offset: zone,
  };
}

function hardwareOf({ cpus = [], memory = [], vendor = [] }: Sections) {
  if (memory.length > 0 && !memory.some((line) => line.startsWith('SwapTotal:')))
    throw new Error('the facts of the memory did not arrive completely');
  const mb = (key: string) =>
    Math.floor(
      Number(memory.map((line) => /^(\w+):\s+(\d+)/.exec(line)).find((match) => match?.[1] === key)?.[2] ?? 0) / 1024,
    );
  return {
    cpus: Number(cpus[0] ?? 1),
    memory_mb: mb('MemTotal'),
    memory: {
      total_mb: mb('MemTotal'),
      available_mb: mb('MemAvailable'),
      free_mb: mb('MemFree'),
      swap_mb: mb('SwapTotal'),
    },
    system_vendor: vendor[0] ?? null,
    product_name: vendor[1] ?? null,
  };
}

const CONTAINERS = [
  'docker',
  'podman',
  'lxc',
  'lxc-libvirt',
  'systemd-nspawn',
  'openvz',
  'rkt',
  'wsl',
  'proot',
  'container-other',
];

function virtualization(type = 'none') {
  return { type, container: CONTAINERS.includes(type), guest: type !== 'none' };
}

function ovsOf(lines: string[]) {
  return {
    installed: lines.some((line) => line.startsWith('ovs-vsctl')),
    version: /(\d+(\.\d+)+)/.exec(lines[0] ?? '')?.[1] ?? null,
    kernel_datapath: lines.includes('kernel'),
  };
}
