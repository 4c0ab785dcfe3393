import { z } from 'zod';
import { raw } from '../shell/script.ts';
import { defineModule } from './module.ts';

const args = z.strictObject({});

/** One section a kind of fact, so that a tool which is missing costs only its own section. */
const PROBE = raw(`
echo "@uname"; uname -n; uname -r; uname -m
echo "@os"; cat /etc/os-release 2>/dev/null
echo "@cpus"; grep -c ^processor /proc/cpuinfo 2>/dev/null
echo "@memory"; sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo 2>/dev/null
echo "@init"; if [ -d /run/systemd/system ]; then echo systemd; else cat /proc/1/comm 2>/dev/null; fi
echo "@packages"; for t in apt-get dnf yum apk; do command -v $t >/dev/null 2>&1 && { echo $t; break; }; done
echo "@links"; ip -o link show 2>/dev/null
echo "@addresses"; ip -o addr show 2>/dev/null
echo "@route"; ip -4 route show default 2>/dev/null
echo "@network"; if [ -d /etc/netplan ] && ls /etc/netplan/*.yaml >/dev/null 2>&1; then echo netplan
elif command -v systemctl >/dev/null 2>&1 && systemctl is-active -q systemd-networkd 2>/dev/null; then echo networkd
elif command -v systemctl >/dev/null 2>&1 && systemctl is-active -q NetworkManager 2>/dev/null; then echo NetworkManager
elif [ -e /etc/network/interfaces ]; then echo ifupdown; else echo none; fi
echo "@docker"; command -v docker >/dev/null 2>&1 && docker version --format '{{.Client.Version}} {{.Server.Version}}' 2>/dev/null
echo "@ovs"; command -v ovs-vsctl >/dev/null 2>&1 && ovs-vsctl --version 2>/dev/null | sed -n '1s/.* //p'
:`);

/** Facts as \`facts.NAME\` reads them. */
type Facts = Record<string, unknown>;

export default defineModule({
  name: 'setup',
  summary: 'Read what a host is: system, addresses, interfaces, Docker, Open vSwitch',
  notes: ['Rarely needed as a task: facts are gathered when something first reads `facts.NAME`.'],
  examples: `
- setup:
`,
  args,
  probe: () => PROBE,
  parse: ({ stdout }) => factsOf(sections(stdout)),
  decide: (_args, facts) => ({ kind: 'ok', result: { ansible_facts: facts } }),
});

function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('@')) found.set(line.slice(1), (lines = []));
    else if (line !== '') lines.push(line);
  }
  return found;
}

function factsOf(of: Map<string, string[]>): Facts {
  const [hostname = '', kernel = '', architecture = ''] = of.get('uname') ?? [];
  const os = osOf(of.get('os') ?? []);
  const interfaces = interfacesOf(of.get('links') ?? [], of.get('addresses') ?? []);
  const addresses = Object.values(interfaces).flatMap((i) => i.addresses.filter((a) => !a.address.startsWith('127.') && a.address !== '::1').map((a) => a.address));
  const [client, server] = of.get('docker')?.[0]?.split(' ') ?? [];
  const ovs = of.get('ovs')?.[0];
  return {
    hostname: hostname.split('.')[0],
    nodename: hostname,
    kernel,
    architecture,
    os,
    os_family: capital(os.family),
    distribution: os.name,
    distribution_version: os.version,
    distribution_major_version: os.version.split('.')[0],
    distribution_release: os.codename,
    cpus: Number(of.get('cpus')?.[0] ?? 0),
    memory_mb: Math.round(Number(of.get('memory')?.[0] ?? 0) / 1024),
    init: of.get('init')?.[0] ?? '',
    package_manager: (of.get('packages')?.[0] ?? '').replace('apt-get', 'apt'),
    network_manager: of.get('network')?.[0] ?? 'none',
    interfaces,
    addresses,
    default_ipv4: defaultOf(of.get('route') ?? [], interfaces),
    docker: { installed: client !== undefined, client_version: client ?? '', version: server ?? '' },
    ovs: { installed: ovs !== undefined, version: ovs ?? '' },
  };
}

function osOf(lines: string[]): { id: string; family: string; name: string; version: string; codename: string } {
  const fields = new Map(lines.map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1).replaceAll(/^["']|["']$/g, '')]));
  const id = fields.get('ID') ?? '';
  const like = [id, ...(fields.get('ID_LIKE') ?? '').split(' ')];
  const family = ['debian', 'rhel', 'fedora', 'alpine', 'suse', 'arch'].find((f) => like.includes(f)) ?? id;
  return {
    id,
    family: family === 'rhel' || family === 'fedora' ? 'redhat' : family,
    name: capital(id),
    version: fields.get('VERSION_ID') ?? '',
    codename: fields.get('VERSION_CODENAME') ?? '',
  };
}

interface Interface {
  mac: string;
  mtu: number;
  up: boolean;
  master: string;
  addresses: { address: string; prefix: number; family: string }[];
}

function interfacesOf(links: string[], addresses: string[]): Record<string, Interface> {
  const found: Record<string, Interface> = {};
  for (const line of links) {
    const [, name, flags = ''] = /^\d+: ([^:@\s]+)[^<]*<([^>]*)>/.exec(line) ?? [];
    if (name === undefined) continue;
    found[name] = { mac: /link\/ether ([0-9a-f:]+)/.exec(line)?.[1] ?? '', mtu: Number(/ mtu (\d+)/.exec(line)?.[1] ?? 0), up: flags.split(',').includes('UP'), master: / master (\S+)/.exec(line)?.[1] ?? '', addresses: [] };
  }
  for (const line of addresses) {
    const [, name = '', family = '', address = '', prefix = ''] = /^\d+: (\S+)\s+(inet6?) ([0-9a-f.:]+)\/(\d+)/.exec(line) ?? [];
    found[name]?.addresses.push({ address, prefix: Number(prefix), family });
  }
  return found;
}

function defaultOf(routes: string[], interfaces: Record<string, Interface>): Facts {
  const route = routes[0] ?? '';
  const dev = / dev (\S+)/.exec(route)?.[1];
  const address = dev === undefined ? undefined : interfaces[dev]?.addresses.find((a) => a.family === 'inet');
  if (dev === undefined || !address) return {};
  return { interface: dev, address: address.address, prefix: address.prefix, gateway: /via (\S+)/.exec(route)?.[1] ?? '', mac: interfaces[dev]?.mac ?? '' };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
