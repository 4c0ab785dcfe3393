import { dirname } from 'node:path';
import { isConnectionVariable } from '../inventory/login/connection.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { RoleRef } from '../model/playbook.ts';
import { omit } from '../language/values/omit.ts';
import type { BuiltIns } from './scope.ts';

/** What the built-in variables are made from. */
export interface BuiltInParts {
  host: Host;
  inventory: Inventory;
  /** Throws FactsNeeded where the host's facts were not gathered. */
  facts(): Record<string, unknown>;
  hostvars(): object;
  groups(): Record<string, string[]>;
  /** The address to connect to. */
  address(): unknown;
  play: {
    name?: string;
    dir?: string;
    all: readonly string[];
    hosts(): readonly string[];
    batch(): readonly string[];
    roleNames: RoleNames;
  };
  role?: RoleRef;
  /** What the task's `connection:` says. */
  connection?: string;
  check: boolean;
  diff: boolean;
  version: string;
  asked: Asked;
}

/** What variables show of the command line. */
export interface Asked {
  tags?: readonly string[];
  skipTags?: readonly string[];
  limit?: string;
  forks?: number;
  /** How often `-v` was given. */
  verbosity?: number;
}

/** The roles of a play by name: those it lists or imports, and those they depend on. */
export interface RoleNames {
  listed: readonly string[];
  dependent: readonly string[];
}

/** The version of ansible-core whose meaning of a playbook xrun follows: what playbooks that ask for one compare. */
const follows = { full: '2.14.18', string: '2.14.18', major: 2, minor: 14, revision: 18 };

type Make = (parts: BuiltInParts) => unknown;

/** Names that cannot be set: Ansible's own and ours. */
const fixed: Record<string, Make> = {
  inventory_hostname: ({ host }) => host.name,
  inventory_hostname_short: ({ host }) => (/^[\d.:a-f]+$/i.test(host.name) ? host.name : host.name.split('.')[0]),
  hostvars: (parts) => parts.hostvars(),
  groups: (parts) => parts.groups(),
  group_names: ({ host }) => (host.groups.length > 0 ? host.groups : ['ungrouped']),
  play_hosts: ({ play }) => [...play.batch()],
  ansible_play_hosts: ({ play }) => [...play.hosts()],
  ansible_play_hosts_all: ({ play }) => [...play.all],
  ansible_play_batch: ({ play }) => [...play.batch()],
  ansible_play_name: ({ play }) => play.name,
  xrun_check_mode: ({ check }) => check,
  ansible_check_mode: ({ check }) => check,
  xrun_diff_mode: ({ diff }) => diff,
  ansible_diff_mode: ({ diff }) => diff,
  playbook_dir: ({ play }) => play.dir,
  inventory_dir: ({ inventory: { sources } }) => sources[0] && dirname(sources[0]),
  inventory_file: ({ inventory: { sources } }) => sources[0],
  role_name: ({ role }) => role?.name,
  ansible_role_name: ({ role }) => role?.name,
  role_path: ({ role }) => role?.path,
  ansible_run_tags: ({ asked }) => asked.tags ?? ['all'],
  ansible_skip_tags: ({ asked }) => asked.skipTags ?? [],
  ansible_limit: ({ asked }) => asked.limit,
  ansible_forks: ({ asked }) => asked.forks ?? 50,
  ansible_verbosity: ({ asked }) => asked.verbosity ?? 0,
  ansible_inventory_sources: ({ inventory }) => [...inventory.sources],
  ansible_play_role_names: ({ play }) => [...play.roleNames.listed],
  ansible_dependent_role_names: ({ play }) => [...new Set(play.roleNames.dependent)],
  ansible_role_names: ({ play }) => [...new Set([...play.roleNames.listed, ...play.roleNames.dependent])],
  // Only tasks with delegate_to have it.
  ansible_delegated_vars: () => undefined,
  ansible_parent_role_names: ({ role }) => role && [...role.parents].reverse(),
  ansible_search_path: ({ role, play }) => [
    ...(role ? [role.path] : []),
    ...(play.dir === undefined ? [] : [play.dir]),
  ],
  omit: () => omit,
  xrun_version: ({ version }) => version,
};

const roleOnly = new Set(['role_name', 'ansible_role_name', 'role_path']);

/** Names that variables may take for themselves. */
const weak: Record<string, Make> = {
  host: (parts) => hostObject(parts),
  ansible_host: ({ host }) => host.name,
  ansible_connection: ({ connection }) => connection ?? 'ssh',
  ansible_playbook_python: () => '/usr/bin/python3',
  ansible_version: () => follows,
  ansible_managed: () => 'Ansible managed',
  role_names: ({ play }) => [...play.roleNames.listed],
  facts: (parts) => parts.facts(),
  ansible_facts: (parts) => ansibleFacts(parts.facts()),
};

const ansibleViews = new WeakMap<object, Record<string, unknown>>();

/** The facts in Ansible's shape: what is below `ansible` replaces what xrun has in another one. */
function ansibleFacts(facts: Record<string, unknown>): Record<string, unknown> {
  const known = ansibleViews.get(facts);
  if (known) return known;
  const { ansible = {}, ...others } = facts;
  const view = { ...others, ...(ansible as Record<string, unknown>) };
  ansibleViews.set(facts, view);
  return view;
}

/** The built-in variables of one host (and of one role, where a role's task reads them). */
export function builtIns(parts: BuiltInParts): BuiltIns {
  const value = (name: string): unknown => {
    const make = own(fixed, name) ?? own(weak, name);
    if (make) return make(parts);
    return isFactName(name) ? ansibleFacts(parts.facts())[name.slice('ansible_'.length)] : undefined;
  };
  // Outside of a role its names are free.
  const kind = (name: string) => (parts.role === undefined && roleOnly.has(name) ? undefined : kindOfBuiltIn(name));
  return {
    kind,
    has: (name) => kind(name) !== undefined && (own(weak, name) !== undefined || value(name) !== undefined),
    get: value,
    names: () =>
      [...Object.keys(fixed), ...Object.keys(weak)].filter(
        (name) => own(weak, name) !== undefined || value(name) !== undefined,
      ),
  };
}

/** Every built-in name with nothing behind it, for checks before a run. */
export const builtInNames: readonly string[] = [...Object.keys(fixed), ...Object.keys(weak), 'vars'];

function kindOfBuiltIn(name: string): 'fixed' | 'weak' | undefined {
  if (own(fixed, name)) return 'fixed';
  return own(weak, name) || isFactName(name) ? 'weak' : undefined;
}

/** `ansible_distribution` is another way to write `facts.distribution`. */
function isFactName(name: string): boolean {
  return name.startsWith('ansible_') && !isConnectionVariable(name) && !Object.hasOwn(fixed, name);
}

function own(table: Record<string, Make>, name: string): Make | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function hostObject(parts: BuiltInParts): object {
  return { name: parts.host.name, address: parts.address(), groups: parts.host.groups };
}
