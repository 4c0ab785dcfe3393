import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';

/** Settings of the kernel that decide over packets. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/rp_filter',
  'net/netfilter/nf_conntrack_count',
  'net/netfilter/nf_conntrack_max',
];

/**
 * Each command's output comes under a title, `@@NAME EXIT`, and indented, so that no line of it can be taken for a title. None waits
 * for more than ten seconds: a daemon that hangs is one of the things looked for.
 */
const OUTPUT = `command -v timeout >/dev/null 2>&1 && _within='timeout 10' || _within=
output() { _title=$1; shift; _out=$($_within "$@" 2>&1); _rc=$?; printf '@@%s %s\\n' "$_title" "$_rc"; printf '%s\\n' "$_out" | sed 's/^/ /'; }
within() { _title=$1; _space=$2; shift 2; output "$_title" nsenter --net="$_space" "$@"; }
rules() { ! command -v iptables-save >/dev/null 2>&1 || within "$1-rules$3" "$2" iptables-save; ! command -v nft >/dev/null 2>&1 || within "$1-nft$3" "$2" nft list ruleset; }`;

const HOST = `output clock date +%s
output machine cat /etc/machine-id
output name uname -n
output links ip -d -j link show
output addresses ip -j address show
output routes ip -j -4 route show table all
output rules ip -4 rule show
output neighbours ip -j neighbour show
for _s in ${SETTINGS.join(' ')}; do [ ! -r "/proc/sys/$_s" ] || output "setting:$_s" cat "/proc/sys/$_s"; done
! command -v iptables-save >/dev/null 2>&1 || output iptables iptables-save
[ ! -s /proc/net/ip_tables_names ] || ! command -v iptables-legacy-save >/dev/null 2>&1 || output iptables-legacy iptables-legacy-save
! command -v ip6tables-save >/dev/null 2>&1 || output ip6tables ip6tables-save
! command -v ipset >/dev/null 2>&1 || output ipsets ipset save
! command -v nft >/dev/null 2>&1 || output nft nft list ruleset
if command -v tc >/dev/null 2>&1; then output qdiscs tc qdisc show; for _d in $(tc qdisc show 2>/dev/null | sed -n 's/^qdisc \\(ingress\\|clsact\\) .* dev \\([^ ]*\\) .*/\\2/p'); do output "filters:$_d" tc filter show dev "$_d" ingress; output "egress:$_d" tc filter show dev "$_d" egress; done; fi
! command -v ufw >/dev/null 2>&1 || output ufw env LC_ALL=C ufw status
! command -v firewall-cmd >/dev/null 2>&1 || output firewalld env LC_ALL=C firewall-cmd --list-all
output esp unshare -n ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x100 mode transport aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 64`;

/** Containers after these many are not looked into. */
const LOOKED_INTO = 20;

/**
 * What {@link viewOf} reads. A container's files are not looked at from within: a link of its own could lead to one of the host's.
 *
 * @param network name or id of a network of Docker's
 */
export function probeView(network: string): Script {
  return sh`${raw(OUTPUT)}
${raw(HOST)}
command -v docker >/dev/null 2>&1 || exit 0
output docker docker info --format '{{json .}}'
output networks docker network inspect --format '{{.Name}}|{{.Driver}}|{{range .IPAM.Config}}{{.Subnet}} {{end}}' $(docker network ls --quiet 2>/dev/null)
output nodes docker node inspect $(docker node ls --quiet 2>/dev/null)
output network docker network inspect ${network}
! command -v journalctl >/dev/null 2>&1 || output log journalctl --unit docker --priority warning --since -1h --lines 60 --output cat --no-pager
_id=$(docker network inspect --format '{{.Id}}' ${network} 2>/dev/null) || exit 0
command -v nsenter >/dev/null 2>&1 || exit 0
for _space in /run/docker/netns/*-$(printf %.10s "$_id"); do
[ -e "$_space" ] || continue
within overlay-links "$_space" ip -d -j link show; within overlay-forwarding "$_space" bridge -j fdb show; within overlay-neighbours "$_space" ip -j neighbour show; rules overlay "$_space"; done
_running=$(docker ps --quiet --filter ${`network=${network}`} 2>/dev/null | head -n ${LOOKED_INTO})
[ -n "$_running" ] || exit 0
output running docker inspect --format '{{.Id}} {{.State.Pid}} {{.ResolvConfPath}}' $_running
printf '%s\n' "$_out" | while read -r _c _pid _names; do _space=/proc/$_pid/ns/net; [ -e "$_space" ] || continue
rules container "$_space" ":$_c"; within "container-links:$_c" "$_space" ip -j link show; within "container-addresses:$_c" "$_space" ip -j address show; within "container-routes:$_c" "$_space" ip -j route show table all; within "container-neighbours:$_c" "$_space" ip -j neighbour show
output "container-names:$_c" head -c 4096 "$_names"; done
exit 0`;
}
