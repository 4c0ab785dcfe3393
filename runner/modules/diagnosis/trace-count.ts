import { raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { TraceArgs } from './trace-args.ts';

/** The table that counts; `read` and its own end remove it. */
export const TABLE = 'xrun_trace';

/**
 * Lengths of the IP packets that are tried over UDP, ascending: the first is that of a small packet. Between a minimum MTU and that of Ethernet
 * the steps are those of usual tunnels and providers.
 */
export const LENGTHS = [100, 600, 1000, 1200, 1280, 1320, 1360, 1400, 1420, 1450, 1480, 1500];

/** Where packets are counted: before all of the host's own rules, and after all of them. */
const HOOKS = [
  { chain: 'sent', hook: 'output', priority: -310, end: 'daddr' },
  { chain: 'left', hook: 'postrouting', priority: 310, end: 'daddr' },
  { chain: 'came', hook: 'prerouting', priority: -310, end: 'saddr' },
  { chain: 'passed', hook: 'input', priority: 310, end: 'saddr' },
] as const;

const NEEDS = "command -v nft >/dev/null 2>&1 || { echo 'nft is not installed' >&2; exit 127; }";

/** Begins to count. What an earlier one has left is removed; a process of its own removes the table, should nobody else. */
export function countScript({ peers, flows }: TraceArgs): Script {
  const rules = (end: string) =>
    peers.flatMap(({ address }, peer) =>
      flows.flatMap(({ protocol, port }, flow) =>
        lengthsOf(protocol).map(
          (length) =>
            `ip ${end} ${address} ${matching(protocol, port)}${length === undefined ? '' : ` meta length ${length}`} counter comment "${peer} ${flow} ${length ?? 0}"`,
        ),
      ),
    );
  const chains = HOOKS.map(
    ({ chain, hook, priority, end }) =>
      `chain ${chain} { type filter hook ${hook} priority ${priority}; policy accept;\n${rules(end).join('\n')}\n}`,
  );
  const text = `table ip ${TABLE} {\n${chains.join('\n')}\n}\n`;
  return withStdin(
    raw(`${NEEDS}
nft delete table ip ${TABLE} 2>/dev/null
nft -f - || exit
(trap '' HUP; sleep 120; nft delete table ip ${TABLE}) >/dev/null 2>&1 </dev/null & echo $! >/run/${TABLE}.pid`),
    text,
  );
}

/** Ends counting: prints what was counted, and leaves nothing behind. */
export function readScript(_args: TraceArgs): Script {
  return sh`${raw(NEEDS)}
counted=$(nft -j list table ip ${TABLE}) || exit
nft delete table ip ${TABLE}
[ ! -e ${`/run/${TABLE}.pid`} ] || { kill "$(cat ${`/run/${TABLE}.pid`})"; rm -f ${`/run/${TABLE}.pid`}; } 2>/dev/null
printf '%s\n' "$counted"`;
}

/** Only UDP packets are tried in several lengths: others are small, or the kernel cuts them. */
export function lengthsOf(protocol: string): (number | undefined)[] {
  return protocol === 'udp' ? LENGTHS : [undefined];
}

function matching(protocol: string, port: number | undefined): string {
  if (protocol === 'icmp') return 'icmp type echo-request';
  return port === undefined ? `ip protocol ${protocol}` : `${protocol} dport ${port}`;
}
