import { argv, raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { apiCall } from './api.ts';
import type { ContainerArgs, WantedNetwork } from './container-args.ts';
import { managedAttributes } from './container-attributes.ts';
import type { NetworkDrift } from './container-drift.ts';

const QUIETLY = raw('>/dev/null');

/** Makes the container and joins its networks. Environment and command go to Docker on stdin, since they may hold secrets. */
export function creation(args: ContainerArgs): Script[] {
  const [first, ...others] = args.networks ?? [];
  const config: Record<string, unknown> = { Image: args.image };
  const hostConfig: Record<string, unknown> = {};
  for (const { attribute, value } of managedAttributes(args)) (attribute.in === 'Config' ? config : hostConfig)[attribute.key] = value;
  if (args.published_ports) config.ExposedPorts = Object.fromEntries(args.published_ports.map(({ container }) => [container, {}]));
  if (args.mac_address) config.MacAddress = args.mac_address;
  if (first) hostConfig.NetworkMode ??= first.name;
  const joined = first && { NetworkingConfig: { EndpointsConfig: { [first.name]: endpoint(first) } } };
  const create = apiCall('POST', `/containers/create?name=${encodeURIComponent(args.name)}`, { ...config, HostConfig: hostConfig, ...joined });
  return [{ ...create, text: `{ ${create.text}\n} >/dev/null` }, ...others.map((network) => connection(args.name, network))];
}

/** Takes a container away. */
export function removal({ name, force_kill, keep_volumes }: ContainerArgs, running: boolean): Script[] {
  const stop = running && !force_kill ? [stopping({ name, force_kill })] : [];
  return [...stop, argv('docker', 'rm', '--force', !keep_volumes && '--volumes', name, QUIETLY)];
}

/**
 * Starts it. A swarm's manager that is busy lets a host's request to attach to the network go unanswered for 20 s, after
 * which Docker gives up; nothing is left of that, and it may be asked again.
 */
export function starting(name: string): Script {
  return sh`for try in 1 2 3; do said=$(docker start ${name} 2>&1 >/dev/null) && exit; case $said in *'attaching to network failed'*'deadline exceeded'*) ;; *) break ;; esac; done; printf '%s\\n' "$said" >&2; exit 1`;
}

export function stopping({ name, force_kill }: Pick<ContainerArgs, 'name' | 'force_kill'>): Script {
  return argv('docker', force_kill ? 'kill' : 'stop', name, QUIETLY);
}

/** Joins, joins anew or leaves a network; an old place whose network is gone is dropped by force. */
export function reconnection(container: string, { name, wanted, found }: NetworkDrift): Script {
  const leave = found && sh`docker network disconnect ${name} ${container} 2>/dev/null || docker network disconnect --force ${name} ${container} || exit
`;
  return sh`${leave}${wanted && connection(container, wanted)}`;
}

function connection(container: string, wanted: WantedNetwork): Script {
  const { name, aliases } = wanted;
  const words = aliases.flatMap((alias) => ['--alias', alias]);
  if (wanted.ipv4_address) words.push('--ip', wanted.ipv4_address);
  if (wanted.ipv6_address) words.push('--ip6', wanted.ipv6_address);
  return argv('docker', 'network', 'connect', words, name, container);
}

function endpoint(wanted: WantedNetwork): unknown {
  const addresses = { ...(wanted.ipv4_address && { IPv4Address: wanted.ipv4_address }), ...(wanted.ipv6_address && { IPv6Address: wanted.ipv6_address }) };
  return { ...(Object.keys(addresses).length > 0 && { IPAMConfig: addresses }), ...(wanted.aliases.length > 0 && { Aliases: wanted.aliases }) };
}
