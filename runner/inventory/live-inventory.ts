import { XrunError } from '../diagnostics/errors.ts';
import { canonicalName } from './login/connection.ts';
import { badGroupName, badHostName } from './names.ts';
import type { Group, Host, Inventory, Sourced } from '../model/inventory.ts';

/** An inventory that tasks can add to. */
export class LiveInventory implements Inventory {
  readonly hosts = new Map<string, Host>();
  readonly groups = new Map<string, Group>();
  readonly sources: string[];
  readonly warnings: XrunError[];
  allVars: ReadonlyMap<string, Sourced[]>;
  #varsOf: (groups: string[], host?: string) => Map<string, Sourced[]>;
  /** What tasks added to each host. */
  readonly #added = new Map<string, { groups: Set<string>; vars: Map<string, Sourced> }>();

  /** @param varsOf the variables of a host that is in these groups, by the sources and the files beside them */
  constructor(
    sources: string[],
    warnings: XrunError[],
    varsOf: (groups: string[], host?: string) => Map<string, Sourced[]>,
  ) {
    this.sources = sources;
    this.warnings = warnings;
    this.#varsOf = varsOf;
    this.allVars = varsOf([]);
  }

  /** @throws XrunError E_INVENTORY for what is not a valid name */
  add(host: string, groups: string[], vars: Record<string, unknown>): void {
    const bad = badHostName(host) ?? groups.map(badGroupName).find((why) => why !== undefined);
    if (bad) throw new XrunError('E_INVENTORY', bad);
    const added = this.#added.get(host) ?? { groups: new Set(), vars: new Map<string, Sourced>() };
    for (const group of groups) added.groups.add(group);
    for (const [name, value] of Object.entries(vars))
      added.vars.set(canonicalName(name), { value, origin: 'add_host', literal: true });
    this.#added.set(host, added);
    this.#place(host);
  }

  refresh(fresh: Inventory): void {
    if (!(fresh instanceof LiveInventory)) throw new TypeError('an inventory is refreshed by one that was loaded');
    this.#varsOf = fresh.#varsOf;
    this.allVars = fresh.allVars;
    replace(this.hosts, fresh.hosts);
    replace(this.groups, fresh.groups);
    for (const host of this.#added.keys()) this.#place(host);
  }

  /** Puts a host into the groups that tasks added it to, and gives it their variables. */
  #place(host: string): void {
    const known = this.hosts.get(host);
    const { groups = [], vars: added = new Map<string, Sourced>() } = this.#added.get(host) ?? {};
    const all = [
      ...new Set([...(known?.groups ?? []), ...[...groups].flatMap((name) => [name, ...this.#ancestors(name)])]),
    ]
      .filter((name) => name !== 'all' && name !== 'ungrouped')
      .toSorted();
    this.hosts.set(host, { ...known, name: host, groups: all, vars: this.#withAdded(all, host, added) });
    this.#join(host, all);
  }

  #withAdded(groups: string[], host: string, added: ReadonlyMap<string, Sourced>): Map<string, Sourced[]> {
    const vars = this.#varsOf(groups.length > 0 ? groups : ['ungrouped'], host);
    for (const [name, sourced] of added) vars.set(name, [...(vars.get(name) ?? []), sourced]);
    return vars;
  }

  #join(host: string, groups: string[]): void {
    for (const name of ['all', ...(groups.length > 0 ? groups : ['ungrouped'])]) {
      const group = this.groups.get(name) ?? { name, hosts: [], children: [] };
      if (!group.hosts.includes(host)) group.hosts = [...group.hosts, host];
      this.groups.set(name, group);
    }
    const ungrouped = this.groups.get('ungrouped');
    if (ungrouped && groups.length > 0) ungrouped.hosts = ungrouped.hosts.filter((name) => name !== host);
  }

  #ancestors(group: string): string[] {
    const found = new Set<string>();
    const visit = (name: string): void => {
      for (const parent of this.groups.values()) {
        if (!parent.children.includes(name) || found.has(parent.name)) continue;
        found.add(parent.name);
        visit(parent.name);
      }
    };
    visit(group);
    return [...found];
  }
}

function replace<T>(old: Map<string, T>, fresh: ReadonlyMap<string, T>): void {
  old.clear();
  for (const [name, value] of fresh) old.set(name, value);
}
