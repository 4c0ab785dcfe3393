import type { Sections } from './probe.ts';

/** The operating system of a host. */
export interface Os {
  /** `debian`, `redhat`, `alpine`, `suse`, `archlinux`, or the distribution's own id. */
  family: string;
  /** As Ansible names it: `Debian`, `Ubuntu`, `Rocky`... */
  name: string;
  /** `12`, `22.04`. */
  version: string;
  codename: string;
  /** `debian`. */
  id: string;
  /** `Debian GNU/Linux 12 (bookworm)`. */
  description: string;
}

const FAMILIES: [family: string, ids: string[]][] = [
  ['debian', ['debian', 'ubuntu', 'raspbian', 'linuxmint', 'devuan', 'kali', 'pop']],
  ['redhat', ['rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol', 'amzn', 'virtuozzo']],
  ['suse', ['suse', 'opensuse', 'sles']],
  ['alpine', ['alpine']],
  ['archlinux', ['arch', 'manjaro']],
];

const NAMES: Record<string, string> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  fedora: 'Fedora',
  centos: 'CentOS',
  rhel: 'RedHat',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  alpine: 'Alpine',
  arch: 'Archlinux',
};

/** From os-release; where there is none, the kernel's name. */
export function osOf(found: Sections): Os {
  const fields = Object.fromEntries((found.os ?? []).map(field));
  const id = fields.ID ?? (found.uname?.[0] ?? 'unknown').toLowerCase();
  const related = [id, ...(fields.ID_LIKE ?? '').split(' ')];
  const family = FAMILIES.find(([, ids]) =>
    related.some((one) => ids.some((known) => one === known || one.startsWith(`${known}-`))),
  );
  const name = NAMES[id] ?? fields.NAME ?? id;
  return {
    family: family?.[0] ?? id,
    name,
    version: fields.VERSION_ID ?? '',
    codename: fields.VERSION_CODENAME ?? '',
    id,
    description: fields.PRETTY_NAME ?? name,
  };
}

/** The exact release: Debian's and Alpine's files know more than os-release. */
export function releaseOf(found: Sections, os: Os): string {
  const file = os.id === 'debian' ? '/etc/debian_version ' : os.id === 'alpine' ? '/etc/alpine-release ' : undefined;
  const line = file && found.release?.find((one) => one.startsWith(file));
  const exact = line && file ? line.slice(file.length) : '';
  return /^\d/.test(exact) ? exact : os.version;
}

function field(line: string): [string, string] {
  const [, key = '', value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
  return [key, value.replace(/^(["'])(.*)\1$/, '$2')];
}
