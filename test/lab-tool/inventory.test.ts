import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { writeInventory } from '../../lab/inventory.ts';
import { accessFiles } from '../../lab/keys.ts';
import type { LabState } from '../../lab/state.ts';

const host = (index: number) => ({ name: `node${index}`, index, address: `198.18.7.${10 + index}` });

const state: LabState = { name: 'lab', id: 7, image: 'bookworm', imageDir: '/image', nics: 1, network: 'networkd', hosts: [1, 2, 3].map(host) };

async function written(of: LabState): Promise<{ text: string; all: Record<string, any> }> {
  const dir = await mkdtemp(join(tmpdir(), 'inventory-'));
  const file = join(dir, 'new', 'lab.yml');
  try {
    await writeInventory(of, file);
    const text = await readFile(file, 'utf8');
    const { all } = load(text) as { all: Record<string, any> };
    all['vars'].key = resolve(dirname(file), all['vars'].xrun_private_key_file);
    all['vars'].known = resolve(dirname(file), all['vars'].xrun_known_hosts_file);
    return { text, all };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('the first host is the manager, the others are workers, all are in the lab', async () => {
  const { all } = await written(state);
  expect(all['children']).toEqual({
    managers: { hosts: { node1: { xrun_host: '198.18.7.11' } } },
    workers: { hosts: { node2: { xrun_host: '198.18.7.12' }, node3: { xrun_host: '198.18.7.13' } } },
    lab: { children: { managers: {}, workers: {} }, vars: { lab_name: 'lab', lab_image: 'bookworm' } },
  });
});

test('paths are relative to the inventory, and lead to the key and the known hosts', async () => {
  const { all, text } = await written(state);
  expect(text).not.toMatch(/_file: \//);
  expect(all['vars']).toMatchObject({ key: accessFiles('lab').key, known: accessFiles('lab').knownHosts });
});

test('a lab of one host has no workers', async () => {
  const { all } = await written({ ...state, hosts: [host(1)] });
  expect(all['children'].workers).toEqual({ hosts: {} });
});
