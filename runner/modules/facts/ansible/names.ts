import { isDeepStrictEqual } from 'node:util';
import type { Facts } from '../host.ts';
import type { Os } from '../os.ts';
import type { Network } from '../network.ts';
import type { Sections } from '../probe.ts';
import { dateTime } from './date.ts';
import { hardware } from './hardware.ts';
import { networkNames } from './interfaces.ts';
import { localFacts } from './local.ts';
import { mounts } from './mounts.ts';
import { python, selinux } from './system.ts';

const FAMILIES: Record<string, string> = {
  debian: 'Debian',
  redhat: 'RedHat',
  alpine: 'Alpine',
  suse: 'Suse',
  archlinux: 'Archlinux',
};

/**
 * xrun's facts with those of Ansible's names and shapes. Where a name means something else in Ansible, xrun's own stays
 * and Ansible's is below `ansible`: `facts.interfaces` is a mapping, `ansible_interfaces` a list.
 */
export function withAnsibleNames(facts: Facts, found: Sections): Facts {
  const names = ansibleNames(facts, found);
  const others = Object.entries(names).filter(
    ([name, value]) => name in facts && !isDeepStrictEqual(facts[name], value),
  );
  return { ...names, ...facts, ansible: Object.fromEntries(others) };
}

function ansibleNames(facts: Facts, found: Sections): Facts {
  const os = facts.os as Os & { release: string };
  const user = facts.user as { name: string; uid: number; gid: number; home: string; shell: string; path: string };
  const fqdn = String(facts.fqdn);
  return {
    nodename: found.uname?.[1] ?? facts.hostname,
    domain: fqdn.split('.').slice(1).join('.'),
    os_family: FAMILIES[os.family] ?? os.name,
    distribution: os.name,
    distribution_version: os.release,
    distribution_major_version: os.version.split('.')[0],
    distribution_minor_version: os.release.split('.')[1] ?? '',
    distribution_release: os.codename,
    distribution_file_variety: os.name,
    distribution_file_parsed: true,
    distribution_file_path: '/etc/os-release',
    lsb: {
      id: os.name,
      description: os.description,
      release: os.version,
      codename: os.codename,
      major_release: os.version.split('.')[0],
    },
    machine: facts.architecture,
    userspace_architecture: facts.architecture,
    userspace_bits: /64|s390x/.test(String(facts.architecture)) ? '64' : '32',
    kernel_version: found.kernel?.[0] ?? '',
    pkg_mgr: facts.package_manager ?? 'unknown',
    service_mgr: facts.init,
    user_id: user.name,
    user_uid: user.uid,
    user_gid: user.gid,
    user_dir: user.home,
    user_shell: user.shell,
    real_user_id: user.uid,
    effective_user_id: user.uid,
    real_group_id: user.gid,
    effective_group_id: user.gid,
    env: { HOME: user.home, SHELL: user.shell, PATH: user.path, USER: user.name },
    date_time: dateTime(found.date?.[0] ?? ''),
    selinux: selinux(found),
    apparmor: { status: found.apparmor?.length ? 'enabled' : 'disabled' },
    fips: found.fips?.[0] === '1',
    is_chroot: false,
    ...python(found.python?.[0]),
    cmdline: commandLine(found.cmdline?.[0] ?? ''),
    proc_cmdline: commandLine(found.cmdline?.[0] ?? ''),
    loadavg: loads(found.load?.[0] ?? ''),
    local: localFacts(found.local ?? []),
    gather_subset: ['all'],
    module_setup: true,
    hostnqn: '',
    iscsi_iqn: '',
    fibre_channel_wwn: [],
    lvm: 'N/A',
    ...hostKeys(found.hostkeys ?? []),
    ...(found.memory && hardware(found)),
    ...(found.mounts && { mounts: mounts(found) }),
    ...('virtualization' in facts && virtual(facts.virtualization as Virtualization)),
    ...('interfaces' in facts && networkNames(facts as unknown as Network)),
  };
}

interface Virtualization {
  type: string;
  container: boolean;
  guest: boolean;
}

function virtual({ type, container, guest }: Virtualization): Facts {
  return {
    virtualization_type: guest ? type : 'NA',
    virtualization_role: guest ? 'guest' : 'NA',
    virtualization_tech_guest: [...(guest ? [type] : []), ...(container ? ['container'] : [])],
    virtualization_tech_host: [],
  };
}

function commandLine(line: string): Facts {
  const words = line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', ...rest] = word.split('=');
      return [name, rest.length > 0 ? rest.join('=').replace(/^"(.*)"$/, '$1') : true];
    }),
  );
}

function loads(line: string): Facts {
  const [one, five, fifteen] = line.split(' ').map(Number);
  return { '1m': one ?? 0, '5m': five ?? 0, '15m': fifteen ?? 0 };
}

/** `ssh-ed25519 AAAA... comment` of each public key of the host. */
function hostKeys(lines: string[]): Facts {
  const named = lines.flatMap((line) => {
    const [type = '', key = ''] = line.split(' ');
    const name = type.startsWith('ecdsa-') ? 'ecdsa' : type === 'ssh-dss' ? 'dsa' : type.replace(/^ssh-/, '');
    const fact = `ssh_host_key_${name}_public`;
    return key === ''
      ? []
      : [
          [fact, key],
          [`${fact}_keytype`, type],
        ];
  });
  return Object.fromEntries(named) as Facts;
}
