import type { Host, Inventory } from '../../model/inventory.ts';
import { expandLimit, selectHosts } from '../../inventory/selection/select.ts';
import { load } from '../load.ts';
import type { LoadRequest } from '../request.ts';
import { notePasswords, shownValue } from '../masked.ts';
import type { Showing } from '../masked.ts';

/** An inventory as plain data, in the shape that Ansible's inventory programs print. Templates are not rendered. */
export interface InventoryData {
  hosts: Record<string, Record<string, unknown>>;
  groups: Record<string, { hosts: string[]; children: string[] }>;
}

/** The inventory, narrowed to `limit` where that is given. Secrets are masked unless they are to be revealed. */
export async function inventoryData(
  request: Omit<LoadRequest, 'playbooks'> & { reveal?: boolean },
): Promise<InventoryData> {
  const { inventory, secrets, decrypt } = await load({ ...request, playbooks: [] });
  const showing = { secrets, decrypt, reveal: request.reveal ?? false };
  for (const { vars } of inventory.hosts.values())
    notePasswords(vars.keys(), (name) => vars.get(name)?.at(-1)?.value, showing);
  const shown = new Set(
    request.limit === undefined
      ? inventory.hosts.keys()
      : selectHosts(expandLimit(request.limit, request.cwd), inventory),
  );
  return {
    hosts: Object.fromEntries(
      [...inventory.hosts.values()]
        .filter(({ name }) => shown.has(name))
        .map((host) => [host.name, varsOf(host, showing)]),
    ),
    groups: Object.fromEntries(
      [...inventory.groups.values()].map((group) => [
        group.name,
        { hosts: ownHosts(group.name, inventory).filter((host) => shown.has(host)), children: group.children },
      ]),
    ),
  };
}

function varsOf(host: Host, showing: Showing): Record<string, unknown> {
  return Object.fromEntries(
    [...host.vars].map(([name, candidates]) => [name, shownValue(name, candidates.at(-1)?.value, showing)]),
  );
}

/** Hosts of a group that none of its children has. */
function ownHosts(name: string, inventory: Inventory): string[] {
  const group = inventory.groups.get(name);
  const inherited = new Set(group?.children.flatMap((child) => inventory.groups.get(child)?.hosts ?? []));
  return group?.hosts.filter((host) => !inherited.has(host)) ?? [];
}
