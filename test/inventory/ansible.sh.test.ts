import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalName } from '../../runner/inventory/login/connection.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import { selectHosts } from '../../runner/inventory/selection/select.ts';

const cases = join(import.meta.dirname, '../cases/inventory');

/** A directory with inventories, and what Ansible (ansible-core 2.14) makes of them. */
interface Case {
  sources: string[];
  playbookDir?: string;
  ansible: {
    hosts: Record<string, { groups: string[]; vars: Record<string, unknown> }>;
    groups: Record<string, string[]>;
    patterns?: Record<string, string[]>;
  };
}

describe.each(readdirSync(cases))('%s means what it means to Ansible:', async (name) => {
  const cwd = join(cases, name);
  const wanted = JSON.parse(readFileSync(join(cwd, 'case.json'), 'utf8')) as Case;
  const playbookDirs = wanted.playbookDir ? [join(cwd, wanted.playbookDir)] : [];
  const inventory = await loadInventory(wanted.sources, { cwd, playbookDirs });

  test('groups of hosts, and the winning value of each variable', () => {
    const found = [...inventory.hosts.values()].map(({ name: host, groups, vars }) => [
      host,
      { groups, vars: winners(vars) },
    ]);
    const hosts = Object.entries(wanted.ansible.hosts).map(([host, { groups, vars }]) => [
      host,
      { groups, vars: renamed(vars) },
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(hosts));
  });

  test('hosts of groups', () => {
    const found = [...inventory.groups.values()].map(({ name: group, hosts }) => [group, hosts]);
    expect(Object.fromEntries(found)).toEqual(wanted.ansible.groups);
  });

  test.each(Object.entries(wanted.ansible.patterns ?? {}))('pattern %s', (pattern, hosts) => {
    expect(selectHosts(pattern, inventory, { allowEmpty: true })).toEqual(hosts);
  });
});

function winners(vars: ReadonlyMap<string, { value: unknown }[]>): Record<string, unknown> {
  const all = [...vars].map(([name, candidates]) => [name, candidates.at(-1)?.value]);
  return Object.fromEntries(all.filter(([name]) => name !== 'ansible_group_priority'));
}

function renamed(vars: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [canonicalName(name), value]));
}
