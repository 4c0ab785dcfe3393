import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startProxies } from './proxy.ts';
import { startSshd } from './sshd.ts';

/** Hosts to log in to: loopback addresses of this machine, each with a directory of its own. */
export interface Arena {
  /** For the tools' files. */
  dir: string;
  /** The hosts' directories are in it. */
  root: string;
  /** Inventories for xrun and Ansible, and OpenSSH's configuration; by whether the hosts are far away. */
  near: Access;
  far: Access;
  close(): void;
}

export interface Access {
  keyFile: string;
  knownHosts: string;
  sshConfig: string;
  /** An inventory of the first `count` hosts. */
  inventory(count: number): string;
  /** Names and places of the first `count` hosts, a line each. */
  list(count: number): string;
}

/** Names are the same length for every host, so that all hosts cost the same. */
export const hostName = (index: number) => `host${String(index + 1).padStart(4, '0')}`;
const address = (net: number, index: number) => `127.${net}.${Math.floor(index / 250)}.${(index % 250) + 1}`;

/** Starts `near` hosts, and proxies that make `far` of them seem `rtt` milliseconds away. */
export async function openArena(near: number, far: number, rtt: number): Promise<Arena> {
  const dir = mkdtempSync(join(tmpdir(), 'xrun-bench-'));
  const root = join(dir, 'hosts');
  mkdirSync(root);
  const closing: (() => void)[] = [() => rmSync(dir, { recursive: true, force: true })];
  const close = () => closing.reverse().forEach((one) => one());
  try {
    const addresses = Array.from({ length: near }, (_, i) => address(1, i));
    const distant = Array.from({ length: far }, (_, i) => address(2, i));
    const sshd = await startSshd(dir, addresses, distant);
    closing.push(sshd.stop);
    if (far > 0)
      closing.push(
        await startProxies(
          distant.map((from, i) => ({ from, to: addresses[i]! })),
          sshd.port,
          rtt / 2,
        ),
      );
    const access = (name: string, places: string[]) => writeAccess(dir, name, places, sshd);
    return { dir, root, near: access('near', addresses), far: access('far', distant), close };
  } catch (error) {
    close();
    throw error;
  }
}

function writeAccess(
  dir: string,
  name: string,
  places: readonly string[],
  { port, keyFile, knownHosts }: { port: number; keyFile: string; knownHosts: string },
): Access {
  const { username } = userInfo();
  const sshConfig = join(dir, `${name}.ssh_config`);
  const settings = [
    `Port ${port}`,
    `User ${username}`,
    `IdentityFile ${keyFile}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${knownHosts}`,
    'GlobalKnownHostsFile /dev/null',
    'StrictHostKeyChecking yes',
    'BatchMode yes',
    'LogLevel ERROR',
  ];
  const hosts = places.map((place, i) => `Host ${hostName(i)}\n  HostName ${place}\n`);
  writeFileSync(sshConfig, `${hosts.join('')}Host *\n${settings.map((line) => `  ${line}\n`).join('')}`);
  return {
    keyFile,
    knownHosts,
    sshConfig,
    inventory(count) {
      const file = join(dir, `${name}.${count}.yml`);
      const vars = { ansible_port: port, ansible_user: username, ansible_python_interpreter: '/usr/bin/python3' };
      const all = Object.fromEntries(places.slice(0, count).map((place, i) => [hostName(i), { ansible_host: place }]));
      writeFileSync(file, JSON.stringify({ all: { vars, hosts: all } }));
      return file;
    },
    list(count) {
      const file = join(dir, `${name}.${count}.txt`);
      writeFileSync(
        file,
        places
          .slice(0, count)
          .map((place, i) => `${hostName(i)} ${place} ${port}\n`)
          .join(''),
      );
      return file;
    },
  };
}
