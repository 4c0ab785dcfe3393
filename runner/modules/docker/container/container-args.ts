import * as z from 'zod';
import { flag, seconds, text, words } from '../../../model/arguments/scalars.ts';
import { isIp } from '../../shared/ip.ts';
import { isolationArgs } from './attributes/isolation.ts';
import { lifecycleArgs } from './attributes/lifecycle.ts';
import { limitArgs } from './attributes/limits.ts';
import { networkingArgs } from './attributes/networking.ts';
import { processArgs } from './attributes/process.ts';
import { storageArgs } from './attributes/storage.ts';
import { wrongComparison } from './attributes/attributes.ts';
import { imageReference } from '../values/image-reference.ts';
import { ownedBy } from '../api/ownership.ts';

/** A network to be in. */
export interface WantedNetwork {
  name: string;
  ipv4_address?: string | undefined;
  ipv6_address?: string | undefined;
  aliases: string[];
}

const address = text.refine(isIp, 'expected an IP address');

const network = z.strictObject({
  name: text.describe('Name of the network.'),
  ipv4_address: address.optional().describe('Fixed address.'),
  ipv6_address: address.optional().describe('Fixed IPv6 address.'),
  aliases: words.default([]).describe('Further names in the DNS of the network.'),
});

const mac = z
  .string()
  .regex(/^[\da-f]{2}([:-][\da-f]{2}){5}$/i, 'expected a MAC address such as 02:42:ac:11:00:02')
  .transform((value) => value.toLowerCase().replaceAll('-', ':'));

/** Arguments of the module docker_container. */
export const containerArgs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]+$/, 'expected a name of two or more letters, digits, _ . -')
      .describe('Name of the container.'),
    state: z
      .enum(['started', 'healthy', 'stopped', 'present', 'absent'])
      .default('started')
      .describe(
        '`present`: it is there, running or not; `healthy`: it runs, and its healthcheck says that it is well.',
      ),
    healthy_wait_timeout: seconds.default(300).describe('Seconds within which `healthy` must come true.'),
    image: imageReference.optional().describe('Image to run; needed where the container has to be made.'),
    pull: z
      .union([z.enum(['missing', 'never', 'always']), flag.transform((pull) => (pull ? 'always' : 'missing'))])
      .default('missing')
      .describe(
        'Whether the image is pulled: where it is not on the host, never, or `always` (`true`): then a container of an older image is made anew.',
      ),
    ...processArgs,
    ...storageArgs,
    ...networkingArgs,
    networks: z
      .array(z.union([text.transform((name): WantedNetwork => ({ name, aliases: [] })), network]))
      .optional()
      .describe('Networks it is in: names, or `name`, `ipv4_address`, `ipv6_address`, `aliases`.'),
    purge_networks: flag.default(false).describe('Take it out of networks that `networks` does not name.'),
    mac_address: mac.optional().describe('MAC address on its first network.'),
    ...lifecycleArgs,
    ...limitArgs,
    ...isolationArgs,
    comparisons: z
      .record(z.string(), z.enum(['strict', 'ignore', 'allow_more_present']))
      .default({})
      .describe(
        "How arguments are compared, by their names or `'*'` for all: `strict`, `ignore`, or `allow_more_present` where it is a set or names with values. Not given: `allow_more_present` for `env`, `labels`, `log_options`, `exposed_ports` and `networks`, `strict` for all others.",
      ),
    owned_by: ownedBy,
    recreate: flag.default(false).describe('Make it anew, now.'),
    restart: flag.default(false).describe('Restart it, now.'),
    force_kill: flag.default(false).describe('Kill it instead of asking it to end, where it has to stop.'),
    keep_volumes: flag.default(true).describe('With `absent`: keep its anonymous volumes.'),
  })
  .superRefine((args, issues) => {
    const {
      networks,
      network_mode,
      state,
      mac_address,
      restart_retries,
      restart_policy,
      auto_remove,
      memory = 0,
      memory_swap = 0,
      mounts = [],
      volumes = [],
      published_ports,
    } = args;
    const refuse = (argument: string, message: string) =>
      issues.addIssue({ code: 'custom', path: [argument], message });
    if (networks && network_mode && /^(host|none|container:.*)$/.test(network_mode))
      refuse('networks', `network_mode ${network_mode} allows no networks`);
    if (mac_address && network_mode === 'host')
      refuse('mac_address', 'network_mode host has no MAC address of its own');
    if (published_ports?.length && network_mode && /^(host|none|container:.*)$/.test(network_mode))
      refuse('published_ports', `network_mode ${network_mode} publishes no ports`);
    if (networks?.length === 0 && state !== 'absent')
      refuse('networks', 'an empty list of networks: use network_mode: none');
    if (restart_retries !== undefined && restart_policy !== 'on-failure')
      refuse('restart_retries', 'restart_retries has an effect with restart_policy on-failure only');
    if (auto_remove && restart_policy && restart_policy !== 'no')
      refuse('auto_remove', `Docker does not take auto_remove together with restart_policy ${restart_policy}`);
    if (memory_swap > 0 && memory_swap < memory)
      refuse('memory_swap', 'memory_swap counts memory and swap together, so it cannot be less than memory');
    const wrong = wrongComparison(args.comparisons);
    if (wrong) refuse('comparisons', wrong);
    const targets = [...mounts.map(({ target }) => target), ...volumes.map((one) => one.split(':')[1] ?? one)];
    const twice = targets.find((target, i) => targets.indexOf(target) !== i);
    if (twice !== undefined) refuse('volumes', `two mounts have the same path in the container: ${twice}`);
  });

export type ContainerArgs = z.output<typeof containerArgs>;

/** Whether the container is to run. */
export const runs = ({ state }: Pick<ContainerArgs, 'state'>) => state === 'started' || state === 'healthy';
