import * as z from 'zod';
import { flag, text as word, words } from '../../../../model/arguments/scalars.ts';
import type { World } from '../inspected.ts';
import { dictionary } from '../../api/labels.ts';
import { bindingTexts, portBindings, publishedPort } from '../../values/ports.ts';
import type { PortBindings, PublishedPort } from '../../values/ports.ts';
import type { Attribute, Parsed, Request } from './attribute.ts';
import { flagged, joinedContainer, list } from './attribute.ts';

const exposed = z
  .union(
    [z.int(), z.string().regex(/^\d{1,5}(-\d{1,5})?(\/(tcp|udp|sctp))?$/i)],
    'expected a port such as 80, 53/udp or 8000-8010',
  )
  .transform((value) => {
    const [ports = '', protocol = 'tcp'] = String(value).toLowerCase().split('/');
    const [first = 0, last = first] = ports.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_one, i) => `${first + i}/${protocol}`);
  });

/** How a container is reached, and what it knows of names; the networks themselves are joined apart from these. */
export const networkingArgs = {
  hostname: word.optional().describe('Hostname inside.'),
  domainname: word.optional().describe('Domain inside.'),
  published_ports: z
    .array(publishedPort)
    .transform((all) => all.flat())
    .optional()
    .describe(
      'All ports of the host that lead inside: `8080:80`, `127.0.0.1:8080:80`, `53:53/udp`, `8000-8002:80-82`; `80` alone takes any free port. `0.0.0.0:80:80` is IPv4 only, `80:80` all addresses.',
    ),
  publish_all_ports: flag.optional().describe('Publish all exposed ports to free ports of the host.'),
  exposed_ports: z
    .array(exposed)
    .transform((all) => all.flat())
    .optional()
    .describe('Ports that it says it listens on; others that are exposed stay.'),
  network_mode: word
    .optional()
    .describe('`bridge`, `host`, `none`, `container:NAME`, or a network; the first of `networks` where not given.'),
  links: words
    .optional()
    .describe('All containers whose names it knows: `NAME` or `NAME:ALIAS`; needs the default bridge.'),
  dns_servers: words.optional().describe('DNS servers.'),
  dns_search_domains: words.optional().describe('DNS search domains.'),
  dns_opts: words.optional().describe('All options for the resolver.'),
  etc_hosts: dictionary.optional().describe('Further lines of /etc/hosts: addresses by name.'),
};

export type NetworkingArgs = Parsed<typeof networkingArgs>;

export const NETWORKING: Attribute<NetworkingArgs>[] = [
  {
    arg: 'hostname',
    in: 'Config',
    key: 'Hostname',
    kind: 'value',
    found: ({ Id, Config }, { hostname }) =>
      hostname === '' && Config.Hostname === Id.slice(0, 12) ? '' : Config.Hostname,
    canon: (value) => value ?? '',
  },
  { arg: 'domainname', in: 'Config', key: 'Domainname', kind: 'value', canon: (value) => value ?? '' },
  {
    arg: 'published_ports',
    in: 'HostConfig',
    key: 'PortBindings',
    kind: 'set',
    request: portRequest,
    api: (ports: PublishedPort[]) => portBindings(ports),
    canon: (value: PortBindings | null) => bindingTexts(value ?? {}),
  },
  { arg: 'publish_all_ports', in: 'HostConfig', key: 'PublishAllPorts', kind: 'value', canon: flagged },
  {
    arg: 'exposed_ports',
    in: 'Config',
    key: 'ExposedPorts',
    kind: 'set',
    more: true,
    api: (ports: string[]) => Object.fromEntries(ports.map((one) => [one, {}])),
    canon: (value: object | null) => Object.keys(value ?? {}),
  },
  { arg: 'network_mode', in: 'HostConfig', key: 'NetworkMode', kind: 'value', canon: networkMode },
  { arg: 'links', in: 'HostConfig', key: 'Links', kind: 'set', canon: (value: unknown) => list(value).map(linkText) },
  { arg: 'dns_servers', in: 'HostConfig', key: 'Dns', kind: 'list', canon: list },
  { arg: 'dns_search_domains', in: 'HostConfig', key: 'DnsSearch', kind: 'list', canon: list },
  { arg: 'dns_opts', in: 'HostConfig', key: 'DnsOptions', kind: 'set', canon: list },
  {
    arg: 'etc_hosts',
    in: 'HostConfig',
    key: 'ExtraHosts',
    kind: 'set',
    api: (hosts: Record<string, string>) => Object.entries(hosts).map(([name, address]) => `${name}:${address}`),
    canon: (value: unknown) => list(value).map((one) => one.replace(/^([^:=]+)=/, '$1:').replace(/\[(.*)\]$/, '$1')),
  },
];

function portRequest(ports: PublishedPort[]): Request {
  return {
    HostConfig: { PortBindings: portBindings(ports) },
    Config: { ExposedPorts: Object.fromEntries(ports.map(({ container }) => [container, {}])) },
  };
}

/** Docker keeps the id of a container that is joined; a network may be named by its id. */
function networkMode(value: unknown, world: World): string {
  const mode = joinedContainer(value, world);
  if (mode === 'default' || mode === '') return 'bridge';
  return Object.entries(world.networks).find(([, id]) => id === mode)?.[0] ?? mode;
}

/** `NAME:ALIAS`; Docker reports `/NAME:/CONTAINER/ALIAS`. */
function linkText(link: string): string {
  const [name = '', alias = name] = link.split(':');
  return `${name.replace(/^\//, '')}:${alias.replace(/^.*\//, '')}`;
}
