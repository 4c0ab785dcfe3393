import { argv, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { wantedSubnets } from './network-args.ts';
import type { NetworkArgs } from './network-args.ts';
import type { DockerNetwork, Subnet } from './network-state.ts';
import { ownLabel } from '../api/ownership.ts';

/** All that `docker network create` takes. */
interface Plan {
  driver: string;
  scope?: string | undefined;
  attachable?: boolean | undefined;
  internal?: boolean | undefined;
  ingress?: boolean | undefined;
  ipv6?: boolean | undefined;
  subnets: Subnet[];
  ipam?: { driver: string; options: Record<string, string> } | undefined;
  options: Record<string, string>;
  labels: Record<string, string>;
}

/** Makes the network. */
export function creation(args: NetworkArgs): Script {
  const { driver, scope, attachable, internal, ingress, enable_ipv6, ipam_driver, driver_options = {}, labels } = args;
  const ipam = ipam_driver === undefined ? undefined : { driver: ipam_driver, options: {} };
  return created(args.name, {
    driver,
    scope,
    attachable,
    internal,
    ingress,
    ipv6: enable_ipv6,
    subnets: wantedSubnets(args),
    ipam,
    options: driver_options,
    labels: { ...labels, ...ownLabel(args.owned_by) },
  });
}

/** Removes a network and makes it anew; one like the old one where Docker refuses the new one. */
export function remaking(args: NetworkArgs, old: DockerNetwork): Script {
  const ipam =
    old.ipam && (old.ipam.driver !== 'default' || Object.keys(old.ipam.options).length > 0) ? old.ipam : undefined;
  const again = created(args.name, { ...old, scope: undefined, ipam, options: withoutVni(old.options) });
  return sh`{ ${removal(old)}
} || exit
said=$( { ${creation(args)}; } 2>&1 ) || { printf '%s\\n' "$said" >&2; ${again} && echo 'The old network was made again.' >&2; exit 1; }`;
}

/** Docker chose the identifiers of the old network's VXLANs; the network made again gets new ones. */
function withoutVni(options: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => name !== 'com.docker.network.driver.overlay.vxlanid_list'),
  );
}

function created(
  name: string,
  { driver, scope, attachable, internal, ingress, ipv6, subnets, ipam, options, labels }: Plan,
): Script {
  const words = ['--driver', driver];
  if (scope) words.push('--scope', scope);
  for (const [option, on] of Object.entries({ attachable, internal, ingress, ipv6 })) {
    if (on) words.push(`--${option}`);
  }
  for (const { subnet, gateway, ip_range, aux_addresses = {} } of subnets) {
    words.push('--subnet', subnet);
    if (gateway) words.push('--gateway', gateway);
    if (ip_range) words.push('--ip-range', ip_range);
    for (const [host, address] of Object.entries(aux_addresses)) words.push('--aux-address', `${host}=${address}`);
  }
  if (ipam) words.push('--ipam-driver', ipam.driver);
  for (const [option, value] of Object.entries(ipam?.options ?? {})) words.push('--ipam-opt', `${option}=${value}`);
  for (const [option, value] of Object.entries(options))
    words.push('--opt', value === '' ? option : `${option}=${value}`);
  for (const [label, value] of Object.entries(labels)) words.push('--label', `${label}=${value}`);
  return argv('docker', 'network', 'create', words, name, raw('>/dev/null'));
}

/** A network of a swarm stays in use for a moment after its last container has gone, perhaps from another node; it may go by itself. */
export function removal({ id, scope }: DockerNetwork): Script {
  if (scope !== 'swarm') return argv('docker', 'network', 'rm', id, raw('>/dev/null'));
  return sh`n=0; until said=$(docker network rm ${id} 2>&1); do
case $said in *'o such network'*|*'not found'*) break ;; esac
[ $n -lt 30 ] || { echo "$said" >&2; exit 1; }; sleep 1; n=$((n+1)); done`;
}
