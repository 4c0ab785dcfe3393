import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** OpenSSH's MAX_LISTEN_SOCKS: addresses that one daemon listens on at most. */
const MOST_ADDRESSES = 16;
/** Milliseconds that a daemon gets to answer. */
const DEADLINE = 10_000;

/** Real sshds on loopback addresses, with keys and settings of their own. */
export interface Sshd {
  port: number;
  keyFile: string;
  knownHosts: string;
  stop(): void;
}

/**
 * Starts as many as the addresses need. Anyone with the key may log in. `aliases` are addresses that lead there by other
 * means, for known_hosts; `settings` are lines of sshd_config that count before the bench's own.
 */
export async function startSshd(
  dir: string,
  addresses: readonly string[],
  aliases: readonly string[] = [],
  settings: readonly string[] = [],
): Promise<Sshd> {
  const keyFile = join(dir, 'id');
  const hostKey = join(dir, 'host_key');
  for (const file of [keyFile, hostKey])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const daemons: ChildProcess[] = [];
  const stop = () => daemons.forEach((daemon) => daemon.kill('SIGTERM'));
  try {
    for (let i = 0; i < addresses.length; i += MOST_ADDRESSES)
      daemons.push(start(dir, port, addresses.slice(i, i + MOST_ADDRESSES), i, settings));
    await Promise.all(addresses.map((address) => answers(address, port)));
  } catch (error) {
    stop();
    throw error;
  }
  const [type, key] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  const knownHosts = join(dir, 'known_hosts');
  writeFileSync(
    knownHosts,
    [...addresses, ...aliases].map((address) => `[${address}]:${port} ${type} ${key}\n`).join(''),
  );
  return { port, keyFile, knownHosts, stop };
}

function start(
  dir: string,
  port: number,
  addresses: readonly string[],
  number: number,
  settings: readonly string[],
): ChildProcess {
  const config = join(dir, `sshd_config.${number}`);
  const lines = [
    ...settings,
    ...addresses.map((address) => `ListenAddress ${address}:${port}`),
    `HostKey ${join(dir, 'host_key')}`,
    `AuthorizedKeysFile ${join(dir, 'id.pub')}`,
    'AuthenticationMethods publickey',
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    // scp goes through it, as it does on any host.
    'Subsystem sftp internal-sftp',
    // The login scripts of the user who runs this are not part of it.
    `SetEnv HOME=${dir}`,
    // What is measured is not how a refused connection is tried again.
    'MaxStartups 1000',
    'LogLevel ERROR',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const log = openSync(join(dir, 'sshd.log'), 'a');
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', log] });
  closeSync(log);
  return daemon;
}

/** A port that is free on the loopback; another program could take it before sshd does, which then says so. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(address: string, port: number): Promise<void> {
  for (const end = Date.now() + DEADLINE; ; await sleep(20)) {
    const socket = connect(port, address);
    const up = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(DEADLINE, undefined, { ref: false }).then(() => false),
    ]);
    socket.destroy();
    if (up) return;
    if (Date.now() > end) throw new Error(`no sshd answers at ${address}:${port}`);
  }
}
