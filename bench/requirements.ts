import { accessSync, constants } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** What has to be there, and the Debian package it is in. */
const PACKAGES = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/ssh': 'openssh-client',
  '/usr/bin/time': 'time',
} as const;

const ANSIBLE = { '/usr/bin/ansible-playbook': 'ansible-core' } as const;
const MITOGEN = { '/usr/lib/python3/dist-packages/ansible_mitogen': 'ansible-mitogen' } as const;

/** Where Debian keeps Mitogen's plugin. */
export const MITOGEN_STRATEGY = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';

/** Installs, by apt, the packages that the chosen tools need. Throws without apt, or if it fails. */
export function ensurePackages(tools: readonly string[], say: (line: string) => void): void {
  const wanted: Record<string, string> = { ...PACKAGES };
  if (tools.some((tool) => ['ansible', 'pipelining', 'mitogen'].includes(tool))) Object.assign(wanted, ANSIBLE);
  if (tools.includes('mitogen')) Object.assign(wanted, MITOGEN);
  const missing = [
    ...new Set(
      Object.entries(wanted)
        .filter(([file]) => !exists(file))
        .map(([, name]) => name),
    ),
  ];
  if (missing.length === 0) return;
  say(`installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quietly = { env, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };
  execFileSync('apt-get', ['-qq', 'update'], quietly);
  execFileSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...missing], quietly);
}

function exists(file: string): boolean {
  try {
    accessSync(file, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
