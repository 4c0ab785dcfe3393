import { raw } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';

/** Parts of the facts that cost something, and may be left out. */
export const SUBSETS = ['network', 'hardware', 'virtual', 'docker', 'ovs'] as const;
export type Subset = (typeof SUBSETS)[number];

// Sections start with a line `@name`. Files are printed whole and understood here, so that few processes are made.
const BASE = `
echo @uname; uname -s; uname -n; uname -r; uname -m
echo @os; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null
echo @release; for f in /etc/debian_version /etc/alpine-release /etc/redhat-release; do [ -r $f ] && while read -r l; do echo "$f $l"; done <$f; done
echo @hosts; cat /etc/hosts 2>/dev/null
echo @dns; cat /etc/resolv.conf 2>/dev/null
echo @user; id -un; id -u; id -g; printf '%s\\n' "$HOME" "$SHELL" "$PATH" "$LANG"
echo @tools; for t in apt-get dnf yum apk zypper pacman docker ovs-vsctl netplan ip python3 bash; do command -v $t >/dev/null 2>&1 && echo $t; done
echo @date; date '+%s %z'
echo @init; [ -d /run/systemd/system ] && echo systemd; { read -r l </proc/1/comm && echo "$l"; } 2>/dev/null
echo @boot; { read -r l </proc/sys/kernel/random/boot_id && echo "$l"; read -r l r </proc/uptime && echo "$l"; } 2>/dev/null
echo @machine; { read -r l </etc/machine-id && echo "$l"; } 2>/dev/null
echo @selinux; [ -r /sys/fs/selinux/enforce ] && cat /sys/fs/selinux/enforce`;

const PARTS: Record<Subset, string> = {
  // /sys may show another network namespace's interfaces, so only \`ip\` is asked. busybox's knows no -d.
  network: `
echo @links; ip -d -o link 2>/dev/null || ip -o link 2>/dev/null
echo @addresses; ip -o addr 2>/dev/null
echo @routes; ip -4 route show default 2>/dev/null
echo @routes6; ip -6 route show default 2>/dev/null
echo @ifstate; cat /run/network/ifstate 2>/dev/null
echo @networkd; for f in /run/systemd/netif/links/*; do [ -r "$f" ] && while read -r l; do case $l in ADMIN_STATE=*) echo "\${f##*/} \${l#*=}";; esac; done <"$f"; done
echo @nm; for f in /run/NetworkManager/devices/*; do [ -r "$f" ] && while read -r l; do case $l in managed=*) echo "\${f##*/} \${l#*=}";; esac; done <"$f"; done
echo @netplan; for f in /etc/netplan/*.yaml /lib/netplan/*.yaml /run/netplan/*.yaml; do [ -e "$f" ] && echo "$f"; done`,
  hardware: `
echo @cpus; nproc 2>/dev/null || grep -c '^processor' /proc/cpuinfo
echo @memory; grep -E '^(MemTotal|MemFree|MemAvailable|SwapTotal)' /proc/meminfo
echo @vendor; for f in sys_vendor product_name; do { read -r l </sys/class/dmi/id/$f && echo "$l"; } 2>/dev/null; done`,
  virtual: `
echo @virtual; if command -v systemd-detect-virt >/dev/null; then systemd-detect-virt; else
{ read -r l </run/systemd/container && echo "$l"; } 2>/dev/null; [ -e /.dockerenv ] && echo docker; [ -e /run/.containerenv ] && echo podman; fi`,
  docker: `
echo @docker; if command -v docker >/dev/null; then docker --version; docker info --format '{{json .}}' 2>/dev/null; fi`,
  ovs: `
echo @ovs; if command -v ovs-vsctl >/dev/null; then ovs-vsctl --version | head -n 1
{ [ -d /sys/module/openvswitch ] || modprobe -n -q openvswitch 2>/dev/null; } && echo kernel; fi`,
};

/** Reads what a host is: everything cheap, and the parts asked for. */
export function probeFacts(subsets: readonly Subset[]): Script {
  return raw(`export LC_ALL=C${BASE}${subsets.map((subset) => PARTS[subset]).join('')}\nexit 0`);
}

/** The lines of each section. */
export type Sections = Record<string, string[]>;

/** Splits what {@link probeFacts} printed. */
export function sections(stdout: string): Sections {
  const found: Sections = {};
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    if (/^@[a-z0-9]+$/.test(line)) found[line.slice(1)] = lines = [];
    else if (line !== '') lines.push(line);
  }
  return found;
}
