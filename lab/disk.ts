import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keyFiles } from './keys.ts';
import { gateway } from './network.ts';
import { hostDir } from './paths.ts';
import type { LabHost, LabState } from './state.ts';

const machineIdFile = (lab: string, host: string) => join(hostDir(lab, host), 'machine-id');

/** Makes the host's own layer over the image unless it has one, and returns its machine id. Half-made is made anew. */
export async function ensureDisk(state: LabState, host: LabHost): Promise<string> {
  const file = machineIdFile(state.name, host.name);
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  if (existing) return existing;
  const dir = dirname(file);
  await removeDisk(state, host);
  for (const part of ['upper', 'work', 'root', 'docker', 'containerd'])
    await mkdir(join(dir, part), { recursive: true });
  const machineId = randomUUID().replaceAll('-', '');
  await fillLayer(state, host, join(dir, 'upper'), machineId);
  await writeFile(`${file}.new`, machineId);
  await rename(`${file}.new`, file); // last: its presence says the layer is whole
  return machineId;
}

/** Throws away everything a host has written. It must be off. */
export async function removeDisk(state: LabState, host: LabHost): Promise<void> {
  await rm(machineIdFile(state.name, host.name), { force: true });
  await rm(hostDir(state.name, host.name), { recursive: true, force: true });
}

async function fillLayer(state: LabState, host: LabHost, root: string, machineId: string): Promise<void> {
  const keys = keyFiles(state.name);
  const hostKey = keys.host(host.name);
  await write(root, 'etc/machine-id', `${machineId}\n`);
  await write(root, 'etc/hostname', `${host.name}\n`);
  await write(root, 'etc/hosts', hostsFile(state, host));
  await write(root, 'etc/ssh/ssh_host_ed25519_key', await readFile(hostKey, 'utf8'), 0o600);
  await write(root, 'etc/ssh/ssh_host_ed25519_key.pub', await readFile(`${hostKey}.pub`, 'utf8'));
  await write(root, 'etc/ssh/lab_authorized_keys', await readFile(`${keys.user}.pub`, 'utf8'));
  await (state.network === 'networkd' ? configureNetworkd : configureIfupdown)(state, host, root);
}

async function configureNetworkd({ id, nics }: LabState, host: LabHost, root: string): Promise<void> {
  // No router answers here: waiting for one would keep eth0 "configuring", and the boot waiting, for 13 s.
  const eth0 = `[Match]\nName=eth0\n\n[Network]\nAddress=${host.address}/24\nGateway=${gateway(id)}\nIPv6AcceptRA=no\n`;
  await write(root, 'etc/systemd/network/10-eth0.network', eth0);
  const eth1 = '[Match]\nName=eth1\n\n[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n';
  if (nics === 2) await write(root, 'etc/systemd/network/20-eth1.network', eth1);
  await enable(root, 'systemd-networkd.service', 'multi-user.target');
  await enable(root, 'systemd-networkd.socket', 'sockets.target');
  await enable(root, 'systemd-networkd-wait-online.service', 'network-online.target');
}

async function configureIfupdown({ id, nics }: LabState, host: LabHost, root: string): Promise<void> {
  const lo = 'auto lo\niface lo inet loopback\n';
  const eth0 = `auto eth0\niface eth0 inet static\n    address ${host.address}/24\n    gateway ${gateway(id)}\n`;
  const eth1 = 'auto eth1\niface eth1 inet manual\n';
  await write(root, 'etc/network/interfaces', [lo, eth0, ...(nics === 2 ? [eth1] : [])].join('\n'));
  await enable(root, 'networking.service', 'multi-user.target');
  await enable(root, 'networking.service', 'network-online.target');
}

function hostsFile({ hosts }: LabState, self: LabHost): string {
  const peers = hosts.map((host) => `${host.address} ${host.name}\n`);
  return `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n${peers.join('')}`.replace(
    `${self.address} `,
    '127.0.1.1 ',
  );
}

async function enable(root: string, unit: string, target: string): Promise<void> {
  const link = join(root, 'etc/systemd/system', `${target}.wants`, unit);
  await mkdir(dirname(link), { recursive: true });
  await symlink(`/lib/systemd/system/${unit}`, link);
}

async function write(root: string, path: string, text: string, mode = 0o644): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode });
}
