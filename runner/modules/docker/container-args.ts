import * as z from 'zod';
import { flag, text, whole, words } from '../arguments/scalars.ts';
import { splitWords } from '../commands/split.ts';
import { imageReference } from './image-reference.ts';
import { dictionary } from './labels.ts';
import { publishedPort } from './ports.ts';

/** A command as a list of words, or as one line that is split at blanks. */
export const commandWords = z.union([z.string(), z.array(text)]).transform((value, issues) => {
  if (Array.isArray(value)) return value;
  try {
    return splitWords(value);
  } catch (error) {
    issues.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** A network to be in. */
export interface WantedNetwork {
  name: string;
  ipv4_address?: string | undefined;
  ipv6_address?: string | undefined;
  aliases: string[];
}

const network = z.strictObject({
  name: text.describe('Name of the network.'),
  ipv4_address: text.optional().describe('Fixed address.'),
  ipv6_address: text.optional().describe('Fixed IPv6 address.'),
  aliases: words.default([]).describe('Further names in the DNS of the network.'),
});

/** Arguments of the module docker_container. */
export const containerArgs = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'expected a name of letters, digits, _ . -').describe('Name of the container.'),
    state: z.enum(['started', 'stopped', 'present', 'absent']).default('started').describe('`present`: it is there, running or not.'),
    image: imageReference.optional().describe('Image to run; needed where the container has to be made.'),
    pull: z.enum(['missing', 'never']).default('missing').describe('Whether an image that is not on the host is pulled.'),
    command: commandWords.optional().describe('Command and its arguments: a list, or one text that is split as a shell would.'),
    entrypoint: commandWords.optional().describe("Instead of the image's entrypoint."),
    user: text.optional().describe('User, by name or number.'),
    working_dir: text.optional().describe('Directory the command starts in.'),
    hostname: text.optional().describe('Hostname inside.'),
    domainname: text.optional().describe('Domain inside.'),
    env: dictionary.optional().describe("Environment; variables of the image's that are not named stay."),
    labels: dictionary.optional().describe('Labels; others that are set stay.'),
    volumes: words.optional().describe('All volumes and directories of the host mounted inside: `SOURCE:PATH` or `SOURCE:PATH:ro`.'),
    tmpfs: dictionary.optional().describe('All tmpfs mounts: options by path.'),
    published_ports: z.array(publishedPort).optional().describe('All ports of the host that lead inside: `8080:80`, `127.0.0.1:8080:80`, `53:53/udp`; `80` alone takes any free port.'),
    networks: z.array(z.union([text.transform((name): WantedNetwork => ({ name, aliases: [] })), network])).optional().describe('Networks it is in: names, or `name`, `ipv4_address`, `ipv6_address`, `aliases`.'),
    purge_networks: flag.default(false).describe('Take it out of networks that `networks` does not name.'),
    network_mode: text.optional().describe('`bridge`, `host`, `none`, `container:NAME`, or a network; the first of `networks` where not given.'),
    mac_address: text.optional().describe('MAC address on its first network.'),
    dns_servers: words.optional().describe('DNS servers.'),
    dns_search_domains: words.optional().describe('DNS search domains.'),
    etc_hosts: dictionary.optional().describe('Further lines of /etc/hosts: addresses by name.'),
    restart_policy: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional().describe('When Docker starts it again.'),
    restart_retries: whole.optional().describe('How often, for `on-failure`.'),
    privileged: flag.optional().describe('All rights on the host.'),
    capabilities: words.optional().describe('All capabilities added, `NET_ADMIN`.'),
    cap_drop: words.optional().describe('All capabilities taken away.'),
    sysctls: dictionary.optional().describe('All kernel settings of its namespaces.'),
    read_only: flag.optional().describe('Its root file system cannot be written.'),
    init: flag.optional().describe('A small init as first process.'),
    tty: flag.optional().describe('A terminal.'),
    interactive: flag.optional().describe('Keep stdin open.'),
    recreate: flag.default(false).describe('Make it anew, now.'),
    restart: flag.default(false).describe('Restart it, now.'),
    force_kill: flag.default(false).describe('Kill it instead of asking it to end, where it has to stop.'),
    keep_volumes: flag.default(true).describe('With `absent`: keep its anonymous volumes.'),
  })
  .superRefine(({ networks, network_mode, state, mac_address }, issues) => {
    if (networks && network_mode && /^(host|none|container:.*)$/.test(network_mode)) issues.addIssue({ code: 'custom', path: ['networks'], message: `network_mode ${network_mode} allows no networks` });
    if (mac_address && network_mode === 'host') issues.addIssue({ code: 'custom', path: ['mac_address'], message: 'network_mode host has no MAC address of its own' });
    if (networks?.length === 0 && state !== 'absent') issues.addIssue({ code: 'custom', path: ['networks'], message: 'an empty list of networks: use network_mode: none' });
  });

export type ContainerArgs = z.output<typeof containerArgs>;
