import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { TraceArgs } from './trace-args.ts';
import { LENGTHS } from './trace-count.ts';

/** The headers of IPv4 and of UDP. */
const HEADERS = 28;

/**
 * Each is sent three times: one lost packet is no fault of the network's. bash has UDP and TCP without another program; perl, which every Debian
 * has, makes packets of other protocols. Where a port refuses, the line `HOST PORT` is printed.
 */
const SENDERS = `send_udp() { bash -c 'for n in 1 2 3; do for length in ${LENGTHS.join(' ')}; do printf "%*s" $((length-${HEADERS})) "" >"/dev/udp/$1/$2"; done; done' - "$2" "$3" 2>/dev/null; }
send_tcp() { said=$($within bash -c ': >"/dev/tcp/$1/$2"' - "$2" "$3" 2>&1); case $said in *refused*) echo "$1 $3";; esac; }
send_icmp() { ping -c 3 -i 0.2 -W 1 "$2" >/dev/null 2>&1; }
send_other() { command -v perl >/dev/null 2>&1 && perl -MSocket -e 'socket(S, AF_INET, SOCK_RAW, $ARGV[1]) or exit 1; send(S, "\\0" x 64, 0, sockaddr_in(0, inet_aton($ARGV[0]))) for 1..3' "$2" "$3" 2>/dev/null; }
command -v bash >/dev/null 2>&1 || { echo 'bash is not installed' >&2; exit 127; }
command -v timeout >/dev/null 2>&1 && within='timeout 3' || within=`;

/** Sends to all peers at once. */
export function sendScript({ peers, flows }: TraceArgs): Script {
  const each = peers.map(({ host, address }) => {
    const sent = flows.map(({ protocol, port }) => {
      const name = ['udp', 'tcp', 'icmp'].includes(protocol) ? protocol : 'other';
      return sh`${raw(`send_${name}`)} ${host} ${address} ${port ?? protocol} &`.text;
    });
    return sent.join('\n');
  });
  return raw(`${SENDERS}\n${each.join('\n')}\nwait`);
}
