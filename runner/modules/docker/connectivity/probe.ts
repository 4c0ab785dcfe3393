import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { asking } from '../api/reach.ts';

export const CHECKS = ['ping', 'mtu', 'tcp', 'name'] as const;
export type Check = (typeof CHECKS)[number];

/** Whom to reach: an address, and the names by which it is known. */
export interface Peer {
  host: string;
  address: string;
  name?: string | undefined;
  /** A container that was there before: it is only pinged. */
  existing?: string | undefined;
}

export interface ConnectivityProbe {
  /** Where the probes run; the host itself where undefined. */
  container?: string | undefined;
  peers: Peer[];
  checks: readonly Check[];
  port: number;
  /** Seconds that a fresh network gets until its paths work. */
  settle: number;
}

// POSIX sh as busybox has it: this runs inside of containers too. Debian 12's busybox crashes at `wget -T`, hence `timeout`. Each check prints `HOST|CHECK|ok or fail|text`.
// A ping of full size takes what is left of the path's MTU beside the headers of IPv4 and ICMP, 28 bytes, or 48 for IPv6. Where it fails, its text is `LARGEST/MTU`: the
// largest packet that was answered, 0 where that was not tried, and the MTU.
const CHECKING = `say() { printf '%s|%s|%s|%s\\n' "$1" "$2" "$3" "$4"; }
late() { [ "$(date +%s)" -ge "$end" ]; }
trip() { printf '%s\\n' "$1" | sed -n 's/.*time=\\([0-9.]*\\) *ms.*/\\1 ms/p' | head -n 1; }
fetch() {
if command -v curl >/dev/null 2>&1; then curl -fsS -m 10 "$1"; elif command -v wget >/dev/null 2>&1; then timeout 10 wget -q -O - "$1"
elif command -v busybox >/dev/null 2>&1; then timeout 10 busybox wget -q -O - "$1"; else echo 'wget and curl are missing' >&2; return 127; fi; }
try_ping() { until out=$(ping -c 1 -W 1 "$2" 2>&1); do late && { say "$1" ping fail 'no answer to ping'; return; }; sleep 1; done; say "$1" ping ok "$(trip "$out")"; }
try_existing() { until out=$(ping -c 1 -W 1 "$2" 2>&1); do late && { say "$1" existing fail "container $3 ($2), which was there before, does not answer a ping"; return; }; sleep 1; done; say "$1" existing ok "$3"; }
try_name() { until out=$(ping -c 1 -W 1 "$3" 2>&1); do late && { case $out in *"($2)"*) say "$1" name fail "the name $3 is found, but its address does not answer";; *) say "$1" name fail "the name $3 is not found";; esac; return; }; sleep 1; done
case $out in *"($2)"*) say "$1" name ok "$3";; *) say "$1" name fail "the name $3 means another address: $(printf '%s\\n' "$out" | sed -n '1s/.*(\\([^)]*\\)).*/\\1/p')";; esac; }
try_tcp() { case $2 in *:*) url=http://[$2]:$port;; *) url=http://$2:$port;; esac
until want=$(fetch "$url/data.md5" 2>/dev/null) && want=\${want%% *} && [ -n "$want" ]; do late && { say "$1" tcp fail "no TCP connection to port $port"; return; }; sleep 1; done
for n in 1 2; do got=$({ { fetch "$url/data" 2>/dev/null; echo "$?" >&3; } | md5sum; } 3>&1); rc=\${got%%[!0-9]*}; got=\${got#"$rc"}; got=\${got%% *}
[ "$rc" = 0 ] && [ "\${got#?}" = "$want" ] && { say "$1" tcp ok 1\\ MiB; return; }; case $rc in 124|143|28) break;; esac; done
if [ "$rc" = 0 ]; then say "$1" tcp fail 'the checksum of the TCP transfer differs'; else say "$1" tcp fail "the TCP transfer stops before its end (exit $rc)"; fi; }
whole() { $net ping $whole -c "$3" -i 0.2 -W 1 -s $(($2-head)) "$1" >/dev/null 2>&1; }
try_mtu() { case $inside in *"$1|ping|fail|"*) return;; esac
dev=$($net ip route get "$2" 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
mtu=$($net ip link show dev "\${dev:-eth0}" 2>/dev/null | sed -n 's/.* mtu \\([0-9]*\\).*/\\1/p' | head -n 1); mtu=\${mtu:-1500}; head=28; case $2 in *:*) head=48;; esac
for n in 1 2 3; do $net ping $whole -c 1 -W 2 -s $((mtu-head)) "$2" >/dev/null 2>&1 && { say "$1" mtu ok "$mtu"; return; }; done
low=0; high=$mtu; [ -z "$whole" ] || ! whole "$2" 100 2 || { low=100; while [ $((high-low)) -gt 1 ]; do mid=$(((high+low)/2)); if whole "$2" $mid 2; then low=$mid; else high=$mid; fi; done; }
say "$1" mtu fail "$low/$mtu"; }
`;

// Only the ping of iputils can forbid fragmenting. It is on hosts, not in containers, so it goes into the container's network
// from outside; where it cannot, the container's own ping does, whose first packets the kernel does not fragment either.
const WHOLE = `net= whole=; ping -V 2>/dev/null | grep -q iputils && whole='-M do'`;

/** Tries to reach every peer in every way, all peers at once. */
export function probeConnectivity(wanted: ConnectivityProbe): Script {
  const { container, checks } = wanted;
  if (container === undefined) return raw(`inside=; ${WHOLE}\n${trials(wanted, checks).text}`);
  const inside = checks.filter((check) => check !== 'mtu');
  const later = checks.includes('mtu');
  return asking(sh`pid=$(docker inspect --type container --format '{{.State.Pid}}' ${container}) || exit
[ "$pid" != 0 ] || { echo ${`xrun: container ${container} does not run`} >&2; exit 1; }
inside=$(docker exec ${container} sh -c ${`inside= net= whole=\n${trials(wanted, inside).text}`}) || exit
printf '%s\\n' "$inside"
${
  later &&
  sh`${raw(WHOLE)}
if [ -n "$whole" ] && command -v nsenter >/dev/null 2>&1 && command -v ip >/dev/null 2>&1 && nsenter -t $pid -n true 2>/dev/null; then
net="nsenter -t $pid -n"
${trials(wanted, ['mtu'])}
else docker exec ${container} sh -c ${`inside= net= whole=\n${trials(wanted, ['mtu']).text}`}; fi`
}`);
}

function trials({ peers, port, settle }: ConnectivityProbe, checks: readonly Check[]): Script {
  const each = peers.map((peer) => {
    const own =
      peer.existing === undefined
        ? checks.filter((check) => check !== 'name' || peer.name !== undefined)
        : checks.filter((check) => check === 'ping').map(() => 'existing');
    const tries = own.map(
      (check) => sh`${raw(`try_${check}`)} ${peer.host} ${peer.address} ${peer.existing ?? peer.name ?? ''}`.text,
    );
    return tries.length > 0 ? `{ ${tries.join('; ')}; } &` : '';
  });
  return raw(`${CHECKING}port=${port}; end=$(($(date +%s)+${Math.ceil(settle)}))\n${each.join('\n')}\nwait`);
}
