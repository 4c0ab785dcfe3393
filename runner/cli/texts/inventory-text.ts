import type { InventoryData } from '../../api/index.ts';

/** The groups as a tree, each with its hosts; without `tree` every group once, with all that is in it. */
export function inventoryGraph(data: InventoryData, tree: boolean): string[] {
  if (tree) return branch('all', data, '', new Set());
  const named = Object.keys(data.groups).filter((name) => name !== 'all' && membersOf(name, data).length > 0);
  return ['all', ...named].map((name) => `${name}: ${membersOf(name, data).join(', ')}`);
}

function branch(group: string, data: InventoryData, indent: string, above: ReadonlySet<string>): string[] {
  const { hosts = [], children = [] } = data.groups[group] ?? {};
  const below = children.filter(
    (child) => !above.has(child) && (child !== 'ungrouped' || membersOf(child, data).length > 0),
  );
  return [
    `${indent}@${group}:`,
    ...below.flatMap((child) => branch(child, data, `${indent}  `, new Set([...above, group]))),
    ...hosts.map((host) => `${indent}  ${host}`),
  ];
}

function membersOf(group: string, data: InventoryData): string[] {
  if (group === 'all') return Object.keys(data.hosts);
  const { hosts = [], children = [] } = data.groups[group] ?? {};
  const all = new Set([...hosts, ...children.flatMap((child) => membersOf(child, data))]);
  return Object.keys(data.hosts).filter((host) => all.has(host));
}

/** What `--list` prints for Ansible and for xrun: groups, and every host's variables under `_meta`. */
export function inventoryList(data: InventoryData): Record<string, unknown> {
  return { _meta: { hostvars: data.hosts }, ...data.groups };
}
