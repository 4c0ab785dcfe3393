import { quote, raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/** Where a guarded change keeps its scripts, its snapshot and its state on the target. */
export function guardDir(id: string): string {
  return `/run/xrun-guard-${id}`;
}

/** What decides how a host can be reached, and may be changed by the text of a command that xrun does not look into. */
const ALWAYS = [
  '/etc/ssh/sshd_config',
  '/etc/ssh/sshd_config.d',
  '/etc/network/interfaces',
  '/etc/network/interfaces.d',
  '/etc/systemd/network',
  '/etc/netplan',
];

/** The units that let people in, and those that keep addresses; the order is that in which they start. */
const UNITS =
  'systemd-networkd.socket systemd-networkd.service networking.service NetworkManager.service openvswitch-switch.service ssh.socket sshd.socket ssh.service sshd.service';

/**
 * Shell functions that list the network, a line a thing, without what changes by itself (lifetimes, carriers). The
 * snapshot keeps what they print, and the rollback prints again until it is the same. veths come and go by Docker.
 */
export const LISTS = String.raw`
list_links() { ip -o link show | sed 's/^[0-9]*: //; /^veth/d'; }
list_addresses() { ip -o addr show | sed 's/^[0-9]*: *//; s/\\/ /; /^veth/d'; }
list_routes() { ip -o -"$1" route show table all | sed 's/\\/ /g; s/ linkdown//g; s/ dead//g; s/ expires [0-9]*sec//; s/  */ /g; s/ *$//' | grep -v -e ' table local' -e ' error ' -e '^multicast' -e ' dev veth' -e ' proto ra'; }
list_rules() { ip -"$1" rule show; }
list_ovs() {
  ovs-vsctl --timeout=5 --format=csv --no-headings -- --columns=name,datapath_type,fail_mode,other_config,stp_enable,ports list bridge \
    -- --columns=_uuid,name,tag,trunks,vlan_mode,bond_mode,protected,other_config,interfaces list port -- --columns=_uuid,name,type,options,mtu_request list interface | sort
}
list_bridges() { (cd /sys/class/net && grep -s -H . */bridge/stp_state */bridge/forward_delay */bridge/hello_time */bridge/max_age */bridge/ageing_time */bridge/priority */bridge/vlan_filtering */bridge/multicast_snooping); }
list_units() {
  [ -d /run/systemd/system ] || return 0
  systemctl show --property=Id,ActiveState,UnitFileState,MainPID ${UNITS} |
    awk -F= '$1 == "" { line(); next } { v[$1] = $2 } END { line() }
      function line() { if (v["Id"] != "" && !(v["Id"] in seen)) print v["Id"], v["ActiveState"], v["UnitFileState"] == "" ? "-" : v["UnitFileState"], v["MainPID"] + 0; seen[v["Id"]]; delete v }'
}
list_firewall() { "$1"-save 2>/dev/null | sed '/^#/d; s/\[[0-9:]*\]/[0:0]/'; }
# What must be as it was for the host to count as brought back: links and their masters, addresses that are given by hand, routes.
list_all() {
  list_links | sed 's/: <\([^>]*\)>.*\( master [^ ]*\).*/ \1\2/; s/: <\([^>]*\)> .*/ \1/; s/[A-Z-]*CARRIER,//; s/,LOWER_UP//; s/ LOWER_UP,/ /'
  list_addresses | grep -v -e ' dynamic' -e ' temporary' -e ' fe80:' | sed 's/ *valid_lft.*//; s/ tentative//; s/ nodad//'
  for family in 4 6; do list_routes $family | sort; list_rules $family; done
}`;

/** Exits with 1 while another change of the host may still be taken back: this one would be, too, or save what is half done. */
export const REFUSE_A_SECOND = `
if [ -L /run/xrun-guard ] && [ -e /run/xrun-guard/until ] && [ "$(cut -d. -f1 /proc/uptime)" -lt "$(cat /run/xrun-guard/until)" ]; then
  echo "another guarded change of this host is $(cat /run/xrun-guard/state 2>/dev/null || echo confirmed); it ends, one way or the other, within its timeout" >&2
  exit 1
fi`;

/** Reads the network, the units that count, and the files that may change into the guard's directory. */
export function snapshotScript(dir: string, files: readonly string[]): Script {
  const others = ALWAYS.filter((path) => !files.includes(path));
  return raw(`
set -e
umask 077
${REFUSE_A_SECOND}
# What a controller left that died before anything was armed.
for old in /run/xrun-guard-*; do
  if [ -d "$old" ] && [ ! -e "$old/state" ] && [ -n "$(find "$old" -prune -mmin +60 2>/dev/null)" ]; then rm -rf "$old"; fi
done
mkdir -p ${quote(dir)}/files
cd ${quote(dir)}
printf '%s\\n' ${quote(LISTS)} > lists.sh
. ./lists.sh
list_links > links
ip -o -d link show | sed 's/^[0-9]*: //' > details
list_addresses > addresses
for family in 4 6; do list_routes $family > routes$family || :; list_rules $family > rules$family 2>/dev/null || :; done
list_all > all 2>/dev/null || :
list_bridges > bridges || :
cat /proc/sys/net/ipv4/ip_forward > ip_forward 2>/dev/null || :
for tables in iptables ip6tables; do if command -v $tables-save >/dev/null 2>&1; then list_firewall $tables > $tables || rm -f $tables; fi; done
list_units > units
if command -v ovs-vsctl >/dev/null 2>&1 && list_ovs > ovs 2>/dev/null && command -v ovsdb-client >/dev/null 2>&1; then ovsdb-client --timeout=5 backup > ovs.db 2>/dev/null || rm -f ovs.db; fi
n=0
: > files/list
save() {
  n=$((n + 1))
  up=$2
  while up=$(dirname "$up") && [ ! -e "$up" ]; do printf '%s\\n' "$up" >> files/made; done
  printf '%s %s %s\\n' "$n" "$1" "$2" >> files/list
  if [ -e "$2" ] || [ -L "$2" ]; then cp -a -- "$2" files/$n; fi
}
for f in ${files.map(quote).join(' ')}; do save always "$f"; done
for f in ${others.map(quote).join(' ')}; do save differing "$f"; done
`);
}
