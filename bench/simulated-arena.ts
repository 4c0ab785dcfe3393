import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostName } from './arena.ts';
import { simulateHosts } from './simulated-hosts.ts';
import type { SimulatedHosts } from './simulated-hosts.ts';
import { FORKS } from './tools.ts';
import { playbook } from './workload.ts';

/** Simulated hosts, and how xrun does its twenty tasks on them. */
export interface SimulatedArena {
  /** For files; gone with the process. */
  dir: string;
  server: SimulatedHosts;
  /** The command line for the first `count` hosts. */
  argv(count: number): string[];
}

const xrun = fileURLToPath(new URL('../bin/xrun.js', import.meta.url));

/** xrun with other arguments than a run's. */
export const xrunWith = (...args: string[]): string[] => [process.execPath, xrun, ...args];

/** Starts the hosts' server, with keys of its own. */
export async function openSimulatedArena(): Promise<SimulatedArena> {
  const dir = mkdtempSync(join(tmpdir(), 'xrun-simulated-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  const newKey = (name: string) => {
    const file = join(dir, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
    return file;
  };
  const key = newKey('id');
  const server = await simulateHosts(readFileSync(newKey('host_key'), 'utf8'), readFileSync(key, 'utf8'));
  const knownHosts = join(dir, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
  mkdirSync(join(dir, 'hosts'));
  const book = join(dir, 'twenty.yml');
  // What is in the table is one host's, so all have its files.
  writeFileSync(book, playbook('twenty', join(dir, 'hosts')).replaceAll('{{ inventory_hostname }}', hostName(0)));
  const vars = { xrun_host: '127.0.0.1', xrun_port: server.port, xrun_user: 'root' };
  const argv = (count: number) => {
    const inventory = join(dir, `${count}.yml`);
    const hosts = Object.fromEntries(Array.from({ length: count }, (_, i) => [hostName(i), {}]));
    writeFileSync(inventory, JSON.stringify({ all: { vars, hosts } }));
    const login = ['--private-key', key, '--known-hosts', knownHosts];
    return xrunWith(book, '-i', inventory, ...login, '--forks', String(FORKS));
  };
  return { dir, server, argv };
}
