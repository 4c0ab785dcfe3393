import { raw, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { reaches } from './args.ts';
import type { TraceArgs, TracedFlow, TracedPeer } from './args.ts';
import { KERNEL } from './kernel.ts';

/** What the table that counts is called; each run adds a number of its own, so that two do not disturb each other. */
const TABLE = 'xrun_trace';

/**
 * Lengths of the IP packets that are tried over UDP, ascending: the first is that of a small packet. Between a minimum MTU and that of Ethernet
 * the steps are those of usual tunnels and providers.
 */
export const LENGTHS = [100, 600, 1000, 1200, 1280, 1320, 1360, 1400, 1420, 1450, 1480, 1500];

/** Where packets are counted: before all of the host's own rules, and after all of them. */
const PRIORITIES = { output: -310, prerouting: -310, input: 310, postrouting: 310 };

type Hook = keyof typeof PRIORITIES;
type Stage = [stage: 'sent' | 'left' | 'came' | 'passed', hook: Hook, end: 'daddr' | 'saddr'];

const OF_HOSTS: Stage[] = [
  ['sent', 'output', 'daddr'],
  ['left', 'postrouting', 'daddr'],
  ['came', 'prerouting', 'saddr'],
  ['passed', 'input', 'saddr'],
];
/** A host forwards what its containers send and get. */
const OF_CONTAINERS: Stage[] = [
  ['sent', 'prerouting', 'daddr'],
  ['left', 'postrouting', 'daddr'],
  ['came', 'prerouting', 'saddr'],
  ['passed', 'postrouting', 'saddr'],
];

const NEEDS = "command -v nft >/dev/null 2>&1 || { echo 'nft is not installed' >&2; exit 127; }";

/** Begins to count, and prints the table's name. A process of its own removes the table, should nobody else. */
export function countScript(args: TraceArgs): Script {
  const chains = Object.entries(PRIORITIES).map(
    ([hook, priority]) =>
      `chain ${hook} { type filter hook ${hook} priority ${priority}; policy accept;\n${rulesAt(hook as Hook, args).join('\n')}\n}`,
  );
  return withStdin(
    raw(`${NEEDS}
table=${TABLE}_$$
nft delete table inet "$table" 2>/dev/null
sed "s/^table inet ${TABLE} /table inet $table /" | nft -f - || exit
( trap '' HUP; n=0; while [ $n -lt 24 ]; do sleep 5; nft list table inet "$table" || exit 0; n=$((n+1)); done; nft delete table inet "$table" ) >/dev/null 2>&1 </dev/null &
echo "$table"
${KERNEL}`),
    `table inet ${TABLE} {\n${chains.join('\n')}\n}\n`,
  );
}

function rulesAt(hook: Hook, args: TraceArgs): string[] {
  return args.peers.flatMap((peer, p) =>
    args.flows.flatMap((flow, f) => {
      if (!reaches(peer, flow)) return [];
      const stages = (flow.containers ? OF_CONTAINERS : OF_HOSTS).filter(([, at]) => at === hook);
      return stages.flatMap(([stage, , end]) =>
        lengthsOf(flow.protocol).map((length) => {
          const size = length === undefined ? '' : ` meta length ${length}`;
          return `${endsOf(peer, flow, end)} ${matching(flow, peer)}${size} counter comment "${stage} ${p} ${f} ${length ?? 0}"`;
        }),
      );
    }),
  );
}

/** Between which addresses: a host may have put its own in place of its container's (masquerading). */
function endsOf(peer: TracedPeer, flow: TracedFlow, end: string): string {
  const family = (address: string) => (address.includes(':') ? 'ip6' : 'ip');
  if (!flow.containers) return `${family(peer.address)} ${end} ${peer.address}`;
  const { address } = peer.to!;
  if (end === 'daddr') return `${family(address)} daddr ${address}`;
  const senders = [address, peer.address].filter((one) => family(one) === family(address));
  return `${family(address)} saddr { ${senders.join(', ')} } ${family(address)} daddr ${peer.from!.address}`;
}

/** Only UDP packets are tried in several lengths: others are small, or the kernel cuts them. */
export function lengthsOf(protocol: string): (number | undefined)[] {
  return protocol === 'udp' ? LENGTHS : [undefined];
}

function matching({ protocol, port, containers }: TracedFlow, peer: TracedPeer): string {
  const address = containers ? peer.to!.address : peer.address;
  if (protocol === 'icmp') return `${address.includes(':') ? 'icmpv6' : 'icmp'} type echo-request`;
  return port === undefined ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`;
}

/** Ends counting: prints what was counted, and leaves nothing behind. */
export function readScript({ table }: TraceArgs): Script {
  return sh`${raw(NEEDS)}
counted=$(nft -j list table inet ${table}) || exit
nft delete table inet ${table}
printf '%s\n' "$counted"
${raw(KERNEL)}`;
}
