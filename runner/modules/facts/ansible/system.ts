import type { Facts } from '../host.ts';
import type { Sections } from '../probe.ts';

/** Whether SELinux is there, as `ansible_selinux` says it. */
export function selinux({ selinux: enforce = [], sepolicy = [] }: Sections): Facts {
  const setting = (name: string) =>
    sepolicy
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .trim();
  if (enforce.length === 0) return { status: 'disabled' };
  return {
    status: 'enabled',
    mode: enforce[0] === '1' ? 'enforcing' : 'permissive',
    config_mode: setting('SELINUX') ?? 'unknown',
    type: setting('SELINUXTYPE') ?? 'unknown',
    policyvers: sepolicy.find((line) => /^\d+$/.test(line)) ?? 'unknown',
  };
}

/**
 * The host's Python, from `PATH Python 3.11.2`. Playbooks choose names of packages by its version, so that a host
 * without Python, which Ansible cannot have, counts as one with Python 3.
 */
export function python(line = ''): Facts {
  const [, path, major = '3', minor = '0', micro = '0'] = /^(\S+) Python (\d+)\.(\d+)\.(\d+)/.exec(line) ?? [];
  const version = {
    major: Number(major),
    minor: Number(minor),
    micro: Number(micro),
    releaselevel: 'final',
    serial: 0,
  };
  return {
    python_version: `${major}.${minor}.${micro}`,
    python: {
      executable: path ?? null,
      has_sslcontext: true,
      type: path === undefined ? null : 'cpython',
      version,
      version_info: Object.values(version),
    },
  };
}
