import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/** Parts of the facts that cost something, and may be left out. */
export const SUBSETS = ['network', 'hardware', 'virtual', 'docker', 'ovs'] as const;
export type Subset = (typeof SUBSETS)[number];

// Sections start with a line `@name`, also behind a file without a line break at its end. Files are printed whole and understood here, so that few processes are made.
/**
 * `_line` prints the first line of a file, whether or not it ends, `_lines` all of them. `_try` runs what may be missing or may
 * refuse, but neither is killed nor prints half a line unnoticed, `_says` what prints something unless it refuses, and `_must`
 * what may only be missing.
 */
const PRINTERS = `_at() { printf '\\n@%s\\n' "$1"; }
_line() { l=; { IFS= read -r l <"$1" || [ "$l" ]; } 2>/dev/null && printf '%s\\n' "$l"; }
_lines() { while IFS= read -r l || [ "$l" ]; do printf '%s\\n' "$l"; done <"$1"; }
_try() {
x=$("$@" 2>/dev/null; r=$?; echo .; exit $r); r=$?
case $x in .|*'
.') ;; *) echo "$1 printed only half of what it had to say" >&2; exit 1;; esac
[ $r -lt 126 ] || [ $r = 127 ] || { echo "$1 ended with $r" >&2; exit $r; }
[ "$x" = . ] || printf '%s' "\${x%.}"
return $r
}
_says() { _try "$@"; [ $r != 0 ] || [ "$x" != . ] || { echo "$1 printed nothing" >&2; exit 1; }; return $r; }
_must() { _try "$@" || [ $r = 127 ] || { echo "$* failed with $r" >&2; exit $r; }; }`;

const BASE = `
_at uname; _says uname -s && _says uname -n && _says uname -r && _says uname -m || exit
_at os; for f in /etc/os-release /usr/lib/os-release; do [ ! -r $f ] || { _lines $f; break; }; done
_at release; for f in /etc/debian_version /etc/alpine-release /etc/redhat-release; do [ -r $f ] && while l=; read -r l || [ "$l" ]; do echo "$f $l"; done <$f; done
_at hosts; [ ! -r /etc/hosts ] || _try grep -F -e "$(uname -n)" /etc/hosts || [ $r = 1 ] || exit
_at dns; [ ! -r /etc/resolv.conf ] || _lines /etc/resolv.conf
_at user; _says id -un && _says id -u && _says id -g || exit; printf '%s\\n' "$HOME" "$SHELL" "$PATH" "$LANG"
_at tools; for t in apt-get dnf yum apk zypper pacman docker ovs-vsctl netplan ip python3 bash; do command -v $t >/dev/null 2>&1 && echo $t; done
_at date; date '+%s %z %Z' || exit
_at init; [ -d /run/systemd/system ] && echo systemd; _line /proc/1/comm
_at boot; _line /proc/sys/kernel/random/boot_id; _line /proc/uptime
_at machine; _line /etc/machine-id
_at selinux; _line /sys/fs/selinux/enforce
_at sepolicy; _line /sys/fs/selinux/policyvers; [ ! -r /etc/selinux/config ] || _lines /etc/selinux/config
_at apparmor; [ -d /sys/kernel/security/apparmor ] && echo yes
_at fips; _line /proc/sys/crypto/fips_enabled
_at kernel; _line /proc/sys/kernel/version
_at cmdline; _line /proc/cmdline
_at load; _line /proc/loadavg
_at hostkeys; for f in /etc/ssh/ssh_host_*_key.pub; do [ -r "$f" ] && _line "$f"; done
_at python; p=$(command -v python3) && printf '%s ' "$p" && _try "$p" --version
_at local; for f in /etc/ansible/facts.d/*.fact; do [ -r "$f" ] || continue; n=\${f##*/}; echo "\${n%.fact}"
{ if [ -x "$f" ]; then "$f" 2>/dev/null </dev/null; else _lines "$f"; fi; } | while IFS= read -r l || [ "$l" ]; do printf ' %s\\n' "$l"; done; done`;

/** Files of the firmware's data. */
const DMI =
  'bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor chassis_version product_name product_serial product_uuid product_version sys_vendor';

const PARTS: Record<Subset, string> = {
  // /sys may show another network namespace's interfaces, so only \`ip\` is asked. busybox's knows no -d.
  network: `
_at links; _try ip -d -o link || _must ip -o link
_at addresses; _must ip -o addr
_at routes; _must ip -4 route show default
_at routes6; _try ip -6 route show default
_at ifstate; [ ! -r /run/network/ifstate ] || _lines /run/network/ifstate
_at networkd; for f in /run/systemd/netif/links/*; do [ -r "$f" ] && while read -r l; do case $l in ADMIN_STATE=*) echo "\${f##*/} \${l#*=}";; esac; done <"$f"; done
_at nm; for f in /run/NetworkManager/devices/*; do [ -r "$f" ] && while read -r l; do case $l in managed=*) echo "\${f##*/} \${l#*=}";; esac; done <"$f"; done
_at netplan; for f in /etc/netplan/*.yaml /lib/netplan/*.yaml /run/netplan/*.yaml; do [ -e "$f" ] && echo "$f"; done`,
  hardware: `
_at cpus; _says nproc || _says grep -c '^processor' /proc/cpuinfo || exit
_at memory; [ ! -r /proc/meminfo ] || _try grep -E '^(MemTotal|MemFree|MemAvailable|Buffers|Cached|SwapCached|SwapTotal|SwapFree)' /proc/meminfo || exit
_at cpu; [ ! -r /proc/cpuinfo ] || while read -r l; do case $l in '') break;; vendor_id*|model\\ name*|siblings*|cpu\\ cores*) echo "$l";; esac; done </proc/cpuinfo
for f in /sys/devices/system/cpu/cpu[0-9]*/topology/physical_package_id; do l=; { IFS= read -r l <"$f"; } 2>/dev/null; [ -z "$l" ] || echo "physical id: $l"; done
_at dmi; for f in ${DMI}; do l=; { [ -r /sys/class/dmi/id/$f ] && IFS= read -r l </sys/class/dmi/id/$f; } 2>/dev/null; [ -z "$l" ] || echo "$f $l"; done
_at mounts; [ ! -r /proc/mounts ] || _lines /proc/mounts
_at sizes; set --; while read -r d m t o; do case $t in nfs*|cifs|smb*|fuse*|9p|ceph) continue;; esac; case $m in *\\*) m=$(printf %b "$m");; esac; case $d in /*) set -- "$@" "$m";; esac; done </proc/mounts 2>/dev/null; [ $# = 0 ] || _try stat -f -c '%S %b %a %c %d %n' "$@"
_at vendor; for f in sys_vendor product_name; do _line /sys/class/dmi/id/$f; done`,
  virtual: `
_at virtual; if command -v systemd-detect-virt >/dev/null; then _says systemd-detect-virt; else
_line /run/systemd/container; [ -e /.dockerenv ] && echo docker; [ -e /run/.containerenv ] && echo podman; fi`,
  docker: `
_at docker; if command -v docker >/dev/null; then _says docker --version; _says docker info --format '{{json .}}'; fi`,
  ovs: `
_at ovs; if command -v ovs-vsctl >/dev/null; then _must ovs-vsctl --version
{ [ -d /sys/module/openvswitch ] || _try modprobe -n -q openvswitch; } && echo kernel; fi`,
};

/** Reads what a host is: everything cheap, and the parts asked for. */
export function probeFacts(subsets: readonly Subset[]): Script {
  return raw(`${PRINTERS}${BASE}${subsets.map((subset) => PARTS[subset]).join('')}\n_at end; exit 0`);
}

/** The lines of each section. */
export type Sections = Record<string, string[]>;

/** Splits what {@link probeFacts} printed. */
export function sections(stdout: string): Sections {
  const found: Sections = {};
  if (!stdout.endsWith('\n@end\n')) throw new Error('the facts did not arrive completely');
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    if (/^@[a-z0-9]+$/.test(line)) found[line.slice(1)] = lines = [];
    else if (line !== '') lines.push(line);
  }
  return found;
}
