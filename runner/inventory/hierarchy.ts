import type { Draft } from './draft.ts';

/** How the groups of a draft stand to each other. */
export interface Hierarchy {
  /** Every group a host is in, ancestors included, without `all`. */
  groupsOf(host: string): string[];
  /** Compares groups by the strength of their variables, for sorting: weakest first. */
  order(a: string, b: string): number;
  /** Every host of a group and of its descendants: its own first. */
  hostsOf(group: string): string[];
}

/**
 * Works out ancestors and the order in which groups' variables win: deeper groups over higher ones, then
 * `ansible_group_priority`, then the alphabet, as in Ansible. Notes circles as errors of the draft.
 */
export function hierarchyOf(draft: Draft): Hierarchy {
  const depths = depthsOf(draft);
  const order = (a: string, b: string): number =>
    (depths.get(a) ?? 1) - (depths.get(b) ?? 1) || priority(draft, a) - priority(draft, b) || (a < b ? -1 : 1);
  const members = new Map([...draft.groups.keys()].map((name) => [name, membersOf(draft, name)]));
  const containing = new Map<string, string[]>();
  for (const [group, hosts] of members) {
    if (group !== 'all' && group !== 'ungrouped')
      for (const host of hosts) containing.set(host, [...(containing.get(host) ?? []), group]);
  }
  const ungrouped = [...draft.hosts.keys()].filter((host) => !containing.has(host));
  members.set(
    'all',
    new Set([...(draft.groups.get('all')?.hosts ?? []), ...ungrouped, ...membersOf(draft, 'all', topGroups(draft))]),
  );
  members.set('ungrouped', new Set(ungrouped));
  return {
    groupsOf: (host) => (containing.get(host) ?? []).toSorted(),
    order,
    hostsOf: (group) => [...(members.get(group) ?? [])],
  };
}

/** The longest way down to each group. */
function depthsOf(draft: Draft): Map<string, number> {
  const depths = new Map<string, number>();
  const visit = (name: string, path: string[]): void => {
    const depth = name === 'all' ? 0 : path[0] === 'all' ? path.length : path.length + 1;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' -> ');
      return draft.wrong(
        `a group contains itself: ${circle}`,
        draft.groups.get(name)?.at,
        'Remove one of these children.',
      );
    }
    if ((depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of draft.groups.get(name)?.children ?? []) visit(child, [...path, name]);
  };
  for (const name of draft.groups.keys()) visit(name, []);
  return depths;
}

/** Groups that are not a child of another: `all` has them all. */
function topGroups(draft: Draft): string[] {
  const children = new Set(
    [...draft.groups.values()].flatMap((group) => (group.name === 'all' ? [] : [...group.children])),
  );
  return [...draft.groups.keys()].filter((name) => !children.has(name));
}

/** Its own hosts first, then its children's, then those of their children, each as written. */
function membersOf(draft: Draft, group: string, more: readonly string[] = []): Set<string> {
  const reached = new Set([group, ...more]);
  const found = new Set<string>();
  for (const name of reached) {
    const { hosts = [], children = [] } = draft.groups.get(name) ?? {};
    for (const host of hosts) found.add(host);
    for (const child of children) reached.add(child);
  }
  return found;
}

function priority(draft: Draft, group: string): number {
  const value = Number(draft.groups.get(group)?.vars.get('ansible_group_priority')?.at(-1)?.value ?? 1);
  return Number.isFinite(value) ? value : 1;
}
