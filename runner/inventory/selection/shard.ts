import { createHash } from 'node:crypto';
import type { Inventory } from '../../model/inventory.ts';
import type { Shard } from '../../model/options/shard.ts';

/** Groups that say nothing of what belongs together. */
const EVERYWHERE = new Set(['all', 'ungrouped']);

/**
 * The number of the shard that has a host. It follows from the host's name alone (`by: group`: from the names of its groups),
 * so that it stays when other hosts come and go.
 */
export function sharding({ count, by }: Omit<Shard, 'number'>, inventory: Inventory): (host: string) => number {
  const keys = by === 'group' ? groupKeys(inventory) : new Map<string, string>();
  return (host) => heaviest(keys.get(host) ?? `host ${host}`, count);
}

/**
 * The shard of the greatest hash: when there is one shard more, only hosts that it takes move (rendezvous hashing, Thaler and
 * Ravishankar 1996).
 */
function heaviest(key: string, count: number): number {
  const weights = Array.from({ length: count }, (_, i) =>
    createHash('sha256')
      .update(`${i + 1} ${key}`)
      .digest('hex'),
  );
  return weights.reduce((best, weight, i) => (weight > weights[best]! ? i : best), 0) + 1;
}

/** For each host the first name, in the alphabet, of the groups that it is connected with: by its own and by those of hosts in them. */
function groupKeys({ groups }: Inventory): Map<string, string> {
  const keys = new Map<string, string>();
  const telling = [...groups.values()].filter(({ name, children }) => !EVERYWHERE.has(name) && children.length === 0);
  for (const { name, hosts } of telling.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const met = new Set([...hosts].flatMap((host) => keys.get(host) ?? []));
    const key = [...met].sort()[0] ?? `group ${name}`;
    for (const [host, old] of keys) if (met.has(old)) keys.set(host, key);
    for (const host of hosts) keys.set(host, key);
  }
  return keys;
}
