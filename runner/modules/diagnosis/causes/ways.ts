import { containsNetwork, parseNetwork } from '../../../language/values/network.ts';
import type { HostView } from '../view/view.ts';
import { seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { uplinkOf } from './interfaces.ts';
import { ownerOf } from './loss.ts';
import type { Loss } from './loss.ts';

/** Hosts whose kernel has no way to another one's address, as its routes and its rules of routing have it. */
export const ways: Find = (scene, found) =>
  seen(scene).flatMap(([host, view]) =>
    seen(scene).flatMap(([other, peer]): Cause[] => {
      const way = scene.sent.get(host)?.ways[other];
      const known = found.some(({ total, paths }) => total && paths.some(([a, b]) => a === host && b === other));
      if (way === undefined || known || !/^RTNETLINK answers|^(blackhole|unreachable|prohibit)\b/.test(way)) return [];
      return [
        {
          severity: 'cause',
          hosts: [host],
          text: `${host} has no way to ${other} (ip route get ${peer.address}: ${way}${view.routingRules.length > 0 ? `; its rules of routing: ${view.routingRules.join('; ')}` : ''})`,
          fix: `see \`ip rule show\` and \`ip route show table all\` on ${host}, and remove what leads nowhere`,
          paths: [[host, other]],
          control: true,
          total: true,
        },
      ];
    }),
  );

/** What is to be seen on the way of packets that are lost between hosts: filters, detours, addresses that nobody answers for. */
export function notesOf(paths: readonly [string, string][], scene: Scene): string[] {
  const filters = [...new Set(paths.flat())].flatMap((host) =>
    (uplinkOf(scene.views.get(host)!)?.filters ?? []).map((filter) => `${host} has ${filter}`),
  );
  return [...filters, ...paths.flatMap(([from, to]) => [...detour(from, to, scene), ...unanswered(from, to, scene)])];
}

/** A route that leads elsewhere than to the host's own network, in which the other host is. */
function detour(from: string, to: string, scene: Scene): string[] {
  const view = scene.views.get(from)!;
  const way = scene.sent.get(from)?.ways[to] ?? '';
  const [, dev] = /\bdev (\S+)/.exec(way) ?? [];
  const [, via] = /\bvia (\S+)/.exec(way) ?? [];
  const uplink = uplinkOf(view)?.name;
  const near = dev === uplink && (via === undefined || !onLink(view, scene.views.get(to)!.address));
  return dev === undefined || uplink === undefined || near
    ? []
    : [`${from} sends what is for ${to} ${via ? `to ${via}` : 'straight'} by ${dev}: ${way.replace(/ uid \d+.*/, '')}`];
}

/** Whether an address is in a subnet of the host's uplink. */
function onLink(view: HostView, address: string): boolean {
  const one = parseNetwork(address);
  const dev = uplinkOf(view)?.name;
  return view.addresses.some((own) => {
    const subnet = parseNetwork(own.address);
    return own.dev === dev && one && subnet && subnet.address.bits === one.address.bits && containsNetwork(subnet, one);
  });
}

function unanswered(from: string, to: string, scene: Scene): string[] {
  const { neighbours } = scene.views.get(from)!;
  const { address, drops } = scene.views.get(to)!;
  if (!neighbours.some((one) => one.address === address && /failed|incomplete/.test(one.state))) return [];
  const rules = drops.filter(({ where }) => where.startsWith('nft arp'));
  return [
    `${from} gets no answer when it asks for the hardware address of ${address}${rules.map(({ where, text }) => `; ${to} has ${where}: ${text}`).join('')}`,
  ];
}

/** Why the kernel itself may have thrown away what came to a host, where no rule of a firewall has. */
export function kernelReason(losses: readonly Loss[], scene: Scene): Pick<Cause, 'text' | 'fix'> | undefined {
  const host = ownerOf(losses[0]!);
  const { IPReversePathFilter: forged } = thrownAway(host, scene);
  const from = losses.find(({ where }) => where === 'in')?.from;
  if (forged === undefined || from === undefined) return undefined;
  const way = scene.sent.get(host)?.ways[from];
  return {
    text: `as forged (rp_filter; its own way to ${from} is ${way ?? 'another one'})`,
    fix: `correct the route on ${host}, or \`sysctl -w net.ipv4.conf.all.rp_filter=2\` there`,
  };
}

/** Counters by their names alone. */
function thrownAway(host: string, scene: Scene): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scene.thrownAway.get(host) ?? {}).map(([name, value]) => [name.split('.').at(-1)!, value]),
  );
}
