import type { Host, Inventory } from '../inventory/types.ts';
import { expandLimit, selectHosts } from '../inventory/select.ts';
import { load } from './load.ts';
import type { LoadRequest } from './load.ts';

/** An inventory as plain data, in the shape that Ansible's inventory programs print. Templates are not rendered. */
export interface InventoryData {
  hosts: Record<string, Record<string, unknown>>;
  groups: Record<string, { hosts: string[]; children: string[] }>;
}

/** The inventory, narrowed to `limit` where that is given. */
export async function inventoryData(request: Omit<LoadRequest, 'playbooks'>): Promise<InventoryData> {
  const { inventory } = await load({ ...request, playbooks: [] });
  const shown = new Set(request.limit === undefined ? inventory.hosts.keys() : selectHosts(expandLimit(request.limit, request.cwd), inventory));
  return {
    hosts: Object.fromEntries([...inventory.hosts.values()].filter(({ name }) => shown.has(name)).map((host) => [host.name, varsOf(host)])),
    groups: Object.fromEntries([...inventory.groups.values()].map((group) => [group.name, { hosts: ownHosts(group.name, inventory).filter((host) => shown.has(host)), children: group.children }])),
  };
}

function varsOf(host: Host): Record<string, unknown> {
  return Object.fromEntries([...host.vars].map(([name, candidates]) => [name, candidates.at(-1)?.value]));
}

/** Hosts of a group that none of its children has. */
function ownHosts(name: string, inventory: Inventory): string[] {
  const group = inventory.groups.get(name);
  const inherited = new Set(group?.children.flatMap((child) => inventory.groups.get(child)?.hosts ?? []));
  return group?.hosts.filter((host) => !inherited.has(host)) ?? [];
}
