import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, type CommandResult } from './command.ts';
import { LabError } from './error.ts';
import { accessFiles } from './keys.ts';
import type { LabHost, LabState } from './state.ts';

/** The ssh command that logs in to a host with the lab's key and verified host key, and no one's own configuration. */
export function sshArgv(lab: string, host: LabHost, user = 'root'): string[] {
  const { key, knownHosts } = accessFiles(lab);
  const options = {
    IdentityFile: key,
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    LogLevel: 'ERROR',
    ConnectTimeout: '5',
  };
  return [
    'ssh',
    '-F',
    '/dev/null',
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    `${user}@${host.address}`,
  ];
}

/** Runs a command line on a host as root; resolves whatever its exit code (255: could not log in). */
export function execute(lab: string, host: LabHost, command: string, input = ''): Promise<CommandResult> {
  return attempt([...sshArgv(lab, host), '--', command], { input });
}

/**
 * Logs in with the caller's own terminal; resolves with the exit code.
 * One word of `command` is a shell command line; of several, each reaches the program as it is.
 */
export function login(lab: string, host: LabHost, user: string, command: readonly string[]): Promise<number> {
  const [program = '', ...args] = sshArgv(lab, host, user);
  const line = command.length > 1 ? command.map(quote).join(' ') : command[0];
  const child = spawn(program, line === undefined ? args : [...args, '--', line], { stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 255)));
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * Waits until sshd, systemd and dockerd of a host answer and the busybox image is there.
 * Throws LabError with what the host says when it does not come up within two minutes; one with a kernel of its own has ten, for it
 * boots at a tenth of the speed.
 */
export async function waitReady({ name, kernel }: LabState, host: LabHost): Promise<void> {
  const end = Date.now() + (kernel === 'uml' ? 600_000 : 120_000);
  const question = `
    state=$(systemctl is-system-running --wait)
    case $state in running|degraded) ;; *) echo "systemd is $state"; exit 1 ;; esac
    docker image inspect xrun/busybox:1 2>&1 >/dev/null`;
  for (;;) {
    const { code, stdout, stderr } = await execute(name, host, question);
    if (code === 0) return;
    if (Date.now() > end) throw new LabError(`${host.name} is not ready: ${(stderr + stdout).trim()}`);
    await sleep(200);
  }
}
