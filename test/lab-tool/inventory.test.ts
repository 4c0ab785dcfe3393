import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { writeInventory } from '../../lab/inventory.ts';
import { accessFiles } from '../../lab/keys.ts';
import type { LabState } from '../../lab/state.ts';

const host = (index: number) => ({ name: `node${index}`, index, address: `198.18.7.${10 + index}` });

const state: LabState = {
  name: 'lab',
  id: 7,
  image: 'bookworm',
  imageDir: '/image',
  nics: 1,
  network: 'networkd',
  kernel: 'machine',
  hosts: [1, 2, 3].map(host),
};

interface Written {
  text: string;
  vars: Record<string, string>;
  children: Record<string, unknown>;
  /** The directory it was written to. */
  dir: string;
}

async function written(of: LabState): Promise<Written> {
  const dir = await mkdtemp(join(tmpdir(), 'inventory-'));
  const file = join(dir, 'new', 'lab.yml');
  try {
    await writeInventory(of, file);
    const text = await readFile(file, 'utf8');
    const { all } = load(text) as { all: Pick<Written, 'vars' | 'children'> };
    return { text, ...all, dir: dirname(file) };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('the first host is the manager, the others are workers, all are in the lab', async () => {
  const { children } = await written(state);
  expect(children).toEqual({
    managers: { hosts: { node1: { xrun_host: '198.18.7.11' } } },
    workers: { hosts: { node2: { xrun_host: '198.18.7.12' }, node3: { xrun_host: '198.18.7.13' } } },
    lab: { children: { managers: {}, workers: {} }, vars: { lab_name: 'lab', lab_image: 'bookworm' } },
  });
});

test('paths are relative to the inventory, and lead to the key and the known hosts', async () => {
  const { vars, text, dir } = await written(state);
  expect(text).not.toMatch(/_file: \//);
  expect(resolve(dir, vars['xrun_private_key_file'] ?? '')).toBe(accessFiles('lab').key);
  expect(resolve(dir, vars['xrun_known_hosts_file'] ?? '')).toBe(accessFiles('lab').knownHosts);
});

test('a lab of one host has no workers', async () => {
  const { children } = await written({ ...state, hosts: [host(1)] });
  expect(children['workers']).toEqual({ hosts: {} });
});
