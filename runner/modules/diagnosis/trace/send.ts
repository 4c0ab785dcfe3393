import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { reaches } from './args.ts';
import type { TraceArgs, TracedFlow, TracedPeer } from './args.ts';
import { LENGTHS } from './count.ts';

/**
 * Each is sent three times: one lost packet is no fault of the network's. bash has UDP and TCP without another program; perl, which every Debian
 * has, makes packets of other protocols. What is seen on the way is printed: `refused HOST PORT` of a port that refuses, `silent HOST` where a
 * container there does not answer, `way HOST ROUTE`.
 *
 * The length of a UDP packet is that of its data and its headers: 28 bytes with IPv4, 48 with IPv6.
 */
const SENDERS = `send_udp() { case $2 in *:*) set -- "$@" 48;; *) set -- "$@" 28;; esac; bash -c 'for n in 1 2 3; do for length in ${LENGTHS.join(' ')}; do printf "%*s" $((length-$3)) "" >"/dev/udp/$1/$2"; done; done' - "$2" "$3" "$4" 2>/dev/null; }
send_tcp() { said=$($within bash -c ': >"/dev/tcp/$1/$2"' - "$2" "$3" 2>&1); case $said in *refused*) echo "refused $1 $3";; esac; }
send_icmp() { ping -c 3 -i 0.2 -W 1 "$2" >/dev/null 2>&1; }
send_other() { command -v perl >/dev/null 2>&1 && perl -MSocket -e 'socket(S, AF_INET, SOCK_RAW, $ARGV[1]) or exit 1; send(S, "\\0" x 64, 0, sockaddr_in(0, inet_aton($ARGV[0]))) for 1..3' "$2" "$3" 2>/dev/null; }
send_container() { ! command -v ping >/dev/null 2>&1 || ! command -v nsenter >/dev/null 2>&1 || nsenter --net="/proc/$3/ns/net" ping -c 3 -i 0.2 -W 1 "$2" >/dev/null 2>&1 || echo "silent $1"; }
way() { _way=$(LC_ALL=C ip route get "$2" 2>&1); printf 'way %s %s\\n' "$1" "$(printf '%s\\n' "$_way" | head -n 1)"; }
command -v bash >/dev/null 2>&1 || { echo 'bash is not installed' >&2; exit 127; }
command -v timeout >/dev/null 2>&1 && within='timeout 3' || within=`;

/** Sends to all peers at once. */
export function sendScript(args: TraceArgs): Script {
  const each = args.peers.flatMap((peer) => [
    sh`way ${peer.host} ${peer.address}`.text,
    ...args.flows.filter((flow) => reaches(peer, flow)).map((flow) => `${sending(peer, flow).text} &`),
  ]);
  return raw(`${SENDERS}\n${each.join('\n')}\nwait`);
}

function sending({ host, address, from, to }: TracedPeer, { protocol, port, containers }: TracedFlow): Script {
  if (containers) return sh`send_container ${host} ${to!.address} ${from!.pid}`;
  const name = ['udp', 'tcp', 'icmp'].includes(protocol) ? protocol : 'other';
  return sh`${raw(`send_${name}`)} ${host} ${address} ${port ?? protocol}`;
}

/** What a host saw as it sent. */
export interface SentView {
  /** `HOST PORT`: ports that refused. */
  refused: string[];
  /** Hosts whose container did not answer this one's. */
  silent: string[];
  /** What `ip route get` says of each host's address. */
  ways: Record<string, string>;
}

/** Reads what {@link sendScript} printed. */
export function sentOf(stdout: string): SentView {
  const after = (word: string) =>
    stdout.split('\n').flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
  return {
    refused: after('refused'),
    silent: after('silent'),
    ways: Object.fromEntries(after('way').map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)])),
  };
}
