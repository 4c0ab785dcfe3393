import { argv, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { apiCall } from '../api/api.ts';
import { runs } from './container-args.ts';
import type { ContainerArgs, WantedNetwork } from './container-args.ts';
import type { NetworkDrift } from './container-drift.ts';
import { freshName, oldName } from './container-state.ts';
import type { Endpoint, Inspected } from './inspected.ts';
import { requestOf } from './attributes/table.ts';
import { DOCKERD_SAYS } from '../api/dockerd-says.ts';
import { ownLabel } from '../api/ownership.ts';

const QUIETLY = raw('>/dev/null');

/**
 * Makes the container under `name` and joins its networks; leaves nothing where Docker refuses. Environment and command
 * go to Docker on stdin, since they may hold secrets.
 */
export function creation(args: ContainerArgs, name = args.name): Script[] {
  const [first, ...others] = args.networks ?? [];
  const { Config, HostConfig } = requestOf(args);
  const labels = { ...(Config.Labels as object | undefined), ...ownLabel(args.owned_by) };
  const config = {
    ...Config,
    ...(Object.keys(labels).length > 0 && { Labels: labels }),
    Image: args.image,
    ...(args.mac_address && { MacAddress: args.mac_address }),
  };
  const hostConfig = { ...(first && { NetworkMode: first.name }), ...HostConfig };
  const joined = first && {
    NetworkingConfig: { EndpointsConfig: { [first.name]: endpoint(first, args.mac_address) } },
  };
  const create = apiCall('POST', `/containers/create?name=${encodeURIComponent(name)}`, {
    ...config,
    HostConfig: hostConfig,
    ...joined,
  });
  // Docker warns of what it will not do (a limit that the kernel has not) and goes on: that is not what was asked for.
  const text = `made=$(
${create.text}
) || exit
case $made in *iscarded*) docker rm --force ${name} >/dev/null; printf 'Docker would ignore a part of this: %s\\n' "\${made#*'"Warnings":'}" >&2; exit 1;; esac`;
  return [
    { ...create, text },
    ...others.map((network) => sh`${connection(name, network)} || { docker rm --force ${name} >/dev/null; exit 1; }`),
  ];
}

/** Takes a container away. */
export function removal({ name, force_kill, keep_volumes }: ContainerArgs, running: boolean): Script[] {
  const stop = running && !force_kill ? [stopping({ name, force_kill })] : [];
  return [...stop, argv('docker', 'rm', '--force', !keep_volumes && '--volumes', name, QUIETLY)];
}

/**
 * Puts the new container, which was made beside the old one, in the place of the old one, and removes that last. Where
 * the new one does not start, or this is interrupted, the old one is back, running if it ran before.
 */
export function replacement(args: ContainerArgs, { Id, State }: Inspected): Script {
  const { name, force_kill, keep_volumes } = args;
  const again =
    State.Running &&
    sh`[ "$now" = 'is back' ] && { docker start ${Id} >/dev/null 2>&1 && now='is back and runs' || now='is back, and could not be started'; }`;
  return sh`now='is back'
back() { trap '' HUP INT TERM PIPE
docker rm --force ${freshName(name)} >/dev/null 2>&1
docker container inspect ${Id} >/dev/null 2>&1 || now='is gone, since Docker removes it when it ends (auto_remove)'
[ "$(docker container inspect --format '{{.Id}}' ${name} 2>/dev/null)" = ${Id} ] || [ "$now" != 'is back' ] || { docker rm --force ${name} >/dev/null 2>&1; docker rename ${Id} ${name} || now="has the name ${raw(oldName(name))}"; }
${again}
printf '%s\\nThe new container did not take the place of the old one, which %s.\\n' "$1" "$now" >&2; exit 1; }
trap 'back interrupted' HUP INT TERM PIPE
said=$(docker rename ${Id} ${oldName(name)} 2>&1 && docker rename ${freshName(name)} ${name} 2>&1) || back "$said"
${State.Running && sh`said=$(docker ${force_kill ? 'kill' : 'stop'} ${Id} 2>&1) || back "$said"`}
${runs(args) && sh`said=$( ( ${starting(name)} ) 2>&1 ) || back "$said"`}
${runs(args) && State.Running && endedAtOnce(name)}
docker container inspect ${Id} >/dev/null 2>&1 || exit 0
docker rm --force ${!keep_volumes && '--volumes'} ${Id} >/dev/null`;
}

/** A new container that ends with an error as soon as it starts does not take the place of one that runs. */
function endedAtOnce(name: string): Script {
  return sh`ended=$(docker container inspect --format '{{if or .State.Restarting (and .State.ExitCode (not .State.Running))}}exited with {{.State.ExitCode}}{{if .State.OOMKilled}} (out of memory){{end}}{{end}}' ${name}) || back 'docker container inspect failed'
[ -z "$ended" ] || back "it $ended at once; it printed last: $(docker logs --tail 3 ${name} 2>&1)"`;
}

/** Gives the old container of an interrupted run its name back. */
export function restoring(name: string, old: Inspected, half: Inspected | undefined): Script[] {
  return [...(half ? [argv('docker', 'rm', '--force', half.Id, QUIETLY)] : []), argv('docker', 'rename', old.Id, name)];
}

/** Removes what an interrupted run left. */
export function discarding({ Id }: Inspected): Script {
  return argv('docker', 'rm', '--force', Id, QUIETLY);
}

/** Docker's answers for want of time: nothing is left of such a start, and it may be asked for again. */
const NOT_YET = [
  // A manager that is busy, or does not know a node yet that has just joined, answers after 20 s.
  `*'attaching to network failed'*'deadline exceeded'*`,
  // A network of the swarm (an id of 25 digits to the base 36) that this host has not heard of yet.
  `*'network '${'[0-9a-z]'.repeat(25)}' not found'*`,
].join('|');

/** Starts it; what the swarm needs some time for is waited for, a minute at most. What fails in the end is said with dockerd's last words. */
export function starting(name: string): Script {
  return sh`end=$(($(date +%s)+60)); n=0
while :; do n=$((n+1)); said=$(docker start ${name} 2>&1 >/dev/null) && exit
case $said in ${raw(NOT_YET)}) ;; *) break ;; esac
[ $n -lt 20 ] && [ $(date +%s) -lt $end ] || break; sleep 2; done
said=$(printf '%s\\n' "$said" | sed '/^Error: failed to start containers/d'); printf '%s\\n' "$said" >&2
[ $n -eq 1 ] || { echo "(asked $n times)" >&2; ${DOCKERD_SAYS}; }; exit 1`;
}

export function stopping({ name, force_kill }: Pick<ContainerArgs, 'name' | 'force_kill'>): Script {
  return argv('docker', force_kill ? 'kill' : 'stop', name, QUIETLY);
}

/** Joins, joins anew or leaves a network. Where the new place is refused, the container is back in its old one. */
export function reconnection(container: string, { name, wanted, found }: NetworkDrift): Script {
  // An old place whose network is gone is dropped by force.
  const leave =
    found &&
    sh`docker network disconnect ${name} ${container} 2>/dev/null || docker network disconnect --force ${name} ${container} || exit
`;
  const back = found && wanted && sh` || { ${connection(container, placeOf(name, found))} 2>/dev/null; exit 1; }`;
  return sh`${leave}${wanted && connection(container, wanted)}${back}`;
}

/** How a container got its place, as arguments would say it. Docker adds the beginning of its id to its aliases by itself. */
function placeOf(name: string, { IPAMConfig, Aliases }: Endpoint): WantedNetwork {
  return {
    name,
    ipv4_address: IPAMConfig?.IPv4Address || undefined,
    ipv6_address: IPAMConfig?.IPv6Address || undefined,
    aliases: (Aliases ?? []).filter((alias) => !/^[\da-f]{12}$/.test(alias)),
  };
}

function connection(container: string, wanted: WantedNetwork): Script {
  const { name, aliases } = wanted;
  const words = aliases.flatMap((alias) => ['--alias', alias]);
  if (wanted.ipv4_address) words.push('--ip', wanted.ipv4_address);
  if (wanted.ipv6_address) words.push('--ip6', wanted.ipv6_address);
  return argv('docker', 'network', 'connect', words, name, container);
}

function endpoint(wanted: WantedNetwork, mac: string | undefined): unknown {
  const addresses = {
    ...(wanted.ipv4_address && { IPv4Address: wanted.ipv4_address }),
    ...(wanted.ipv6_address && { IPv6Address: wanted.ipv6_address }),
  };
  return {
    ...(Object.keys(addresses).length > 0 && { IPAMConfig: addresses }),
    ...(wanted.aliases.length > 0 && { Aliases: wanted.aliases }),
    ...(mac && { MacAddress: mac }),
  };
}
