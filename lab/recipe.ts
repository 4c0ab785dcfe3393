import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from './state.ts';

const everywhere = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'cron', 'procps', 'kmod', 'util-linux'],
  ...['docker.io', 'openvswitch-switch', 'etcd-server', 'etcd-client'],
  ...['iproute2', 'iptables', 'nftables', 'ifupdown', 'bridge-utils', 'ethtool'],
  ...['iputils-ping', 'iperf3', 'tcpdump', 'busybox-static', 'mksh'],
];

/** Docker's client is a package of its own from trixie on; each store is there where its Docker speaks to it. */
const only: Record<Release, string[]> = {
  bullseye: ['consul'],
  bookworm: ['zookeeperd'],
  trixie: ['docker-cli'],
};

/** Debian packages of a release's image, besides those every Debian has. */
export const packages = (release: Release): string[] => [...everywhere, ...only[release]];

/** Script that builds an image. */
export const buildScript = join(import.meta.dirname, 'build-image.sh');

/** Twelve hex digits that change with anything an image is made from, save the mirror's contents. */
export async function recipeHash(release: Release): Promise<string> {
  const hash = createHash('sha256').update(packages(release).join(' '));
  const rootfs = join(import.meta.dirname, 'rootfs');
  const entries = await readdir(rootfs, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of [buildScript, ...files.sort()])
    hash.update(`\0${file.slice(import.meta.dirname.length)}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}
