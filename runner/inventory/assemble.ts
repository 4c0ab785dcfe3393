import { dirname } from 'node:path';
import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import { canonicalName } from './login/connection.ts';
import type { Draft } from './draft.ts';
import { hierarchyOf } from './hierarchy.ts';
import type { Hierarchy } from './hierarchy.ts';
import { LiveInventory } from './live-inventory.ts';
import type { Inventory, Sourced } from '../model/inventory.ts';
import { findVarsFiles, readVarsFile } from './sources/vars-files.ts';
import type { OpenVault } from './sources/vars-files.ts';

/** Where `group_vars` and `host_vars` are looked for. */
export interface VarsDirectories {
  /** Beside the inventories: weaker. */
  inventory: readonly string[];
  /** Beside the playbooks: stronger. */
  playbook: readonly string[];
}

/** Variables of one `group_vars` or `host_vars` directory, by the name they are for; or why they cannot be read. */
type FileVars = Map<string, [name: string, Sourced][] | Error>;

/** Makes the inventory from all that the sources said, with the variables files beside them. */
export async function assemble(
  draft: Draft,
  directories: VarsDirectories,
  sources: string[],
  open: OpenVault,
): Promise<Inventory> {
  const hierarchy = hierarchyOf(draft);
  draft.check();
  const inventoryGroups = await readAll(directories.inventory, 'group_vars', draft, open);
  const playbookGroups = await readAll(directories.playbook, 'group_vars', draft, open);
  const hostFiles = [
    ...(await readAll(directories.inventory, 'host_vars', draft, open)),
    ...(await readAll(directories.playbook, 'host_vars', draft, open)),
  ];
  draft.check();
  const groupVars = (group: string, files: FileVars[]) => files.flatMap((vars) => readable(vars.get(group)));
  const varsOf = (groups: string[], host?: string): Map<string, Sourced[]> => {
    const others = groups.filter((group) => group !== 'all').toSorted(hierarchy.order);
    return collect([
      ...inline(draft.groups.get('all')?.vars),
      ...others.flatMap((group) => inline(draft.groups.get(group)?.vars)),
      ...groupVars('all', [...inventoryGroups, ...playbookGroups]),
      ...others.flatMap((group) => groupVars(group, inventoryGroups)),
      ...others.flatMap((group) => groupVars(group, playbookGroups)),
      ...(host === undefined ? [] : [...inline(draft.hosts.get(host)?.vars), ...groupVars(host, hostFiles)]),
    ]);
  };
  return build(draft, hierarchy, sources, varsOf);
}

function build(
  draft: Draft,
  hierarchy: Hierarchy,
  sources: string[],
  varsOf: (groups: string[], host?: string) => Map<string, Sourced[]>,
): Inventory {
  const inventory = new LiveInventory(sources, draft.warnings, varsOf);
  for (const { name, at } of draft.hosts.values()) {
    const groups = hierarchy.groupsOf(name);
    const vars = varsOf(groups.length > 0 ? groups : ['ungrouped'], name);
    inventory.hosts.set(name, { name, groups, vars, ...(at && { at }) });
  }
  for (const { name, children, at } of draft.groups.values()) {
    inventory.groups.set(name, { name, hosts: hierarchy.hostsOf(name), children: [...children], ...(at && { at }) });
  }
  return inventory;
}

async function readAll(
  parents: readonly string[],
  kind: 'group_vars' | 'host_vars',
  draft: Draft,
  open: OpenVault,
): Promise<FileVars[]> {
  const known = kind === 'group_vars' ? draft.groups : draft.hosts;
  return Promise.all(parents.map((parent) => readDirectory(`${parent}/${kind}`, known, draft, open)));
}

/**
 * Files for groups and hosts that there are not (yet) are read too, for `group_by` may make the group; what is wrong
 * with them matters only then.
 */
async function readDirectory(
  directory: string,
  known: ReadonlyMap<string, unknown>,
  draft: Draft,
  open: OpenVault,
): Promise<FileVars> {
  const vars: FileVars = new Map();
  for (const [name, { files, ignored }] of await findVarsFiles(directory)) {
    for (const { path, because } of ignored)
      draft.doubt(
        'W_VARS_FILE',
        `${draft.shown(path)} is not read, because ${draft.shown(because)} has the same name and comes first`,
        'move its variables there',
      );
    try {
      const found = await Promise.all(
        files.map((file) => readVarsFile(file, draft.shown(file), file.slice(dirname(directory).length + 1), open)),
      );
      vars.set(name, found.flat());
      if (known.has(name)) for (const [variable, { at }] of found.flat()) draft.checkName(variable, at);
    } catch (error) {
      if (known.has(name)) draft.mistakes.push(...mistakesOf(error));
      vars.set(name, error as Error);
    }
  }
  return vars;
}

function mistakesOf(error: unknown): readonly XrunError[] {
  if (error instanceof XrunErrors) return error.errors;
  if (error instanceof XrunError) return [error];
  throw error;
}

function readable(vars: [string, Sourced][] | Error | undefined): [string, Sourced][] {
  if (vars instanceof Error) throw vars;
  return vars ?? [];
}

function inline(vars: ReadonlyMap<string, Sourced[]> | undefined): [string, Sourced][] {
  return [...(vars ?? [])].flatMap(([name, all]) => all.map((sourced): [string, Sourced] => [name, sourced]));
}

/** By name, connection variables by xrun's name for them, so that `ansible_user` of a host beats `xrun_user` of a group. */
function collect(vars: [string, Sourced][]): Map<string, Sourced[]> {
  const collected = new Map<string, Sourced[]>();
  for (const [name, sourced] of vars) {
    const known = canonicalName(name);
    const candidates = collected.get(known);
    if (candidates) candidates.push(sourced);
    else collected.set(known, [sourced]);
  }
  return collected;
}
