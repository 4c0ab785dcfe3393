import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { dump } from 'js-yaml';
import { accessFiles } from './keys.ts';
import type { LabHost, LabState } from './state.ts';

/** Containers that playbooks/overlay-containers.yml runs in a lab. Other inventories ask for their own, or for none. */
const DEMO_APPS = [{ name: 'order' }, { name: 'billing' }, { name: 'api', ports: ['9769:8769'] }];

/**
 * Writes the lab's inventory: node1 is the manager, the others are workers.
 * Paths in it are relative to its own directory, so the checkout may be moved.
 */
export async function writeInventory(state: LabState, file: string): Promise<void> {
  const [first, ...others] = state.hosts;
  const access = accessFiles(state.name);
  const from = (path: string) => relative(dirname(resolve(file)), path);
  const inventory = {
    all: {
      vars: {
        xrun_user: 'root',
        xrun_private_key_file: from(access.key),
        xrun_known_hosts_file: from(access.knownHosts),
        apps: DEMO_APPS,
      },
      children: {
        managers: { hosts: addresses(first ? [first] : []) },
        workers: { hosts: addresses(others) },
        lab: { children: { managers: {}, workers: {} }, vars: { lab_name: state.name, lab_image: state.image } },
      },
    },
  };
  const heading = `# Written by "npm run lab -- up"; gone with "npm run lab -- down${state.name === 'lab' ? '' : ` --name ${state.name}`}".\n`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, heading + dump(inventory));
  await rename(`${file}.new`, file);
}

const addresses = (hosts: LabHost[]) =>
  Object.fromEntries(hosts.map((host) => [host.name, { xrun_host: host.address }]));
