import { argv, raw, sequence, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { apiCall } from '../api/api.ts';
import { DOCKERD_SAYS } from '../api/dockerd-says.ts';
import { formatDuration } from '../values/duration.ts';
import type { SwarmArgs } from './swarm-args.ts';

// Docker prints the token for joining when a swarm starts, and the key when it is locked.
const QUIETLY = raw('>/dev/null');

/** Starts a swarm. */
export function initScript(args: SwarmArgs): Script {
  const pools = (args.default_addr_pool ?? []).flatMap((pool) => ['--default-addr-pool', pool]);
  return argv(
    'docker',
    'swarm',
    'init',
    option('--advertise-addr', args.advertise_addr),
    option('--listen-addr', args.listen_addr),
    option('--data-path-addr', args.data_path_addr),
    option('--data-path-port', args.data_path_port),
    pools,
    option('--default-addr-pool-mask-length', args.subnet_size),
    option('--availability', args.availability),
    args.autolock_managers === true && '--autolock',
    settingOptions(args),
    QUIETLY,
  );
}

/** Joins a swarm. A join that takes longer than Docker waits goes on by itself, so that is not a failure. */
export function joinScript(args: SwarmArgs): Script {
  const call = apiCall('POST', '/swarm/join', {
    ListenAddr: args.listen_addr ?? '0.0.0.0:2377',
    AdvertiseAddr: args.advertise_addr ?? '',
    DataPathAddr: args.data_path_addr ?? '',
    RemoteAddrs: args.remote_addrs.map(withPort),
    JoinToken: args.join_token,
    ...(args.availability && { Availability: args.availability }),
  });
  return {
    ...call,
    text: `said=$( { ${call.text}\n} 2>&1) || case $said in *'attempt to join the swarm will continue'*) ;; *) printf '%s\\n' "$said" >&2; ${DOCKERD_SAYS.text}; exit 1;; esac`,
  };
}

export function unlockScript(key: string): Script {
  return apiCall('POST', '/swarm/unlock', { UnlockKey: key });
}

/**
 * Leaves the swarm. A daemon that is still taking its tasks down answers "context deadline exceeded" after 15 s and goes on
 * leaving, so it is asked again until it has left.
 */
function leaving(force: boolean): Script {
  return sh`n=0; until said=$(docker swarm leave ${force && '--force'} 2>&1); do
case $said in *'not part of a swarm'*) exit 0 ;; *'deadline exceeded'*) [ $n -lt 4 ] ;; *) false ;; esac || { printf '%s\\n' "$said" >&2; ${DOCKERD_SAYS}; exit 1; }
n=$((n+1)); sleep 2; done`;
}

export const LEAVE = leaving(false);
export const LEAVE_BY_FORCE = leaving(true);

/** Changes settings of a swarm that is there. */
export function updateScript(args: SwarmArgs): Script {
  const autolock = args.autolock_managers;
  return argv(
    'docker',
    'swarm',
    'update',
    autolock !== undefined && `--autolock=${autolock}`,
    settingOptions(args),
    QUIETLY,
  );
}

/** Makes the tokens that `args` name useless and new ones in their place. */
export function rotateScript(args: SwarmArgs): Script {
  const roles = [...(args.rotate_worker_token ? ['worker'] : []), ...(args.rotate_manager_token ? ['manager'] : [])];
  return sequence(...roles.map((role) => argv('docker', 'swarm', 'join-token', '--rotate', '--quiet', role, QUIETLY)));
}

/** The address with Docker's port, where it has none. */
export function withPort(address: string): string {
  if (/^\[.*\]$|^[^:[]+$/.test(address)) return `${address}:2377`;
  return /:.*:/.test(address) && !address.startsWith('[') ? `[${address}]:2377` : address;
}

function settingOptions(args: SwarmArgs): string[] {
  return [
    ...option('--task-history-limit', args.task_history_retention_limit),
    ...option('--cert-expiry', args.node_cert_expiry === undefined ? undefined : formatDuration(args.node_cert_expiry)),
    ...option(
      '--dispatcher-heartbeat',
      args.dispatcher_heartbeat_period === undefined ? undefined : formatDuration(args.dispatcher_heartbeat_period),
    ),
  ];
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}
