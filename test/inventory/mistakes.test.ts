import { join } from 'node:path';
import { expect, test } from 'vitest';
import { XrunError, XrunErrors } from '../../runner/diagnostics/errors.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import { line, project } from '../playbook/project.ts';

/** What is told about an inventory; each source is a file. */
async function mistakes(...sources: string[]): Promise<string[]> {
  const names = sources.map((_, i) => `hosts${i + 1}`);
  const dir = await project(Object.fromEntries(names.map((name, i) => [name, sources[i] ?? ''])));
  try {
    await loadInventory(
      names.map((name) => join(dir, name)),
      { cwd: dir, playbookDirs: [], openVault: (text) => text },
    );
    return [];
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    return (error instanceof XrunErrors ? error.errors : [error]).map(
      (one) => `${line(one)}${one.hint ? ` | ${one.hint}` : ''}`,
    );
  }
}

const NAME_HINT = 'Use letters, digits, _, -, . and :; the address can be in `xrun_host`.';

test.each([
  ['[web]\nh1\n[wbe:vars]\nx=1\n', "E_INVENTORY hosts1:3:2-5 there is no group 'wbe' | Did you mean 'web'?"],
  [
    '[web]\nh1\n[prod:children]\nstorage\n',
    "E_INVENTORY hosts1:4:1-8 there is no group 'storage' | Define it with [storage].",
  ],
  [
    '[web]\nh1 ansible_host = a\n',
    "E_INVENTORY hosts1:2:4-16 expected name=value, found 'ansible_host' | Write `name=value`, with text that has spaces in quotes.",
  ],
  [
    '[web:childs]\nh1\n',
    "E_INVENTORY hosts1:1:2-12 '[web:childs]' is not a valid section | Write [group], [group:vars] or [group:children].",
  ],
  ['[web]\nh[3:1]\n', "E_INVENTORY hosts1:2:2-7 '[3:1]' is not a valid range: it ends before it begins"],
  ['[web]\n../up\n', `E_INVENTORY hosts1:2:1-6 "../up" is not a valid host name: it contains '/' | ${NAME_HINT}`],
  [
    '[web]\n..\n',
    `E_INVENTORY hosts1:2:1-3 ".." is not a valid host name: it is the name of a directory | ${NAME_HINT}`,
  ],
  [
    '{"web": {"hosts": {"a\\u001bb": {}}}}',
    'E_INVENTORY hosts1:1:20-30 "a\\u001bb" is not a valid host name: it contains an invisible character | ' +
      NAME_HINT,
  ],
  [
    '{"web": {"hosts": {"a\\u0085b": {}}}}',
    'E_INVENTORY hosts1:1:20-30 "a\\u0085b" is not a valid host name: it contains an invisible character | ' +
      NAME_HINT,
  ],
  [
    '{"web": {"hosts": {"a\\u202eb": {}}}}',
    'E_INVENTORY hosts1:1:20-30 "a\\u202eb" is not a valid host name: it contains an invisible character | ' +
      NAME_HINT,
  ],
])('%s', async (text, first) => {
  expect((await mistakes(text))[0]).toBe(first);
});

test('a group may be made later in the file, be a parent, or be of an earlier inventory', async () => {
  expect(
    await mistakes(
      '[web:vars]\nx=1\n[all:children]\nweb\nparent\n[parent:children]\nweb\n[web]\nh1\n',
      '[web:vars]\ny=1\n[more:children]\nparent\n',
    ),
  ).toEqual([]);
});

test('of a directory and files of one name only the first is read, and the others are named', async () => {
  const dir = await project({
    hosts: '[web]\nh1\n',
    'group_vars/web/a.yml': 'a: directory\n',
    'group_vars/web.yml': 'a: file\nb: file\n',
    'host_vars/h1.yaml': 'c: yaml\n',
    'host_vars/h1.yml': 'c: yml\n',
  });
  const { hosts, warnings } = await loadInventory([join(dir, 'hosts')], { cwd: dir });
  const value = (name: string) => hosts.get('h1')?.vars.get(name)?.at(-1)?.value;
  expect([value('a'), value('b'), value('c')]).toEqual(['directory', undefined, 'yml']);
  expect(warnings?.map(({ message }) => message).sort()).toEqual([
    'group_vars/web.yml is not read, because group_vars/web has the same name and comes first',
    'host_vars/h1.yaml is not read, because host_vars/h1.yml has the same name and comes first',
  ]);
});
