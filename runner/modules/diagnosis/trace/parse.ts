import type { TraceArgs } from './args.ts';

/** What was counted of one flow, to and from one peer, on one host. */
export interface Counted {
  peer: string;
  protocol: string;
  port?: number;
  /** What containers sent each other. */
  containers?: true;
  /** Of the IP packet; 0 where packets of any length were counted. */
  length: number;
  /** To the peer: given to the firewall, and past it. */
  sent: number;
  left: number;
  /** From the peer: arrived, and past the firewall. */
  came: number;
  passed: number;
}

interface NftRule {
  rule?: { comment?: string; expr: { counter?: { packets: number } }[] };
}

/** What `nft -j list table` prints of the table that counts. Throws a plain Error where that is not its JSON. */
export function countsOf(stdout: string, peers: TraceArgs['peers'], flows: TraceArgs['flows']): Counted[] {
  const { nftables } = JSON.parse(stdout) as { nftables: NftRule[] };
  const found = new Map<string, Counted>();
  for (const { rule } of nftables) {
    if (!rule?.comment) continue;
    const [stage = '', ...numbers] = rule.comment.split(' ');
    const [peer, flow, length] = numbers.map(Number) as [number, number, number];
    const { protocol, port, containers } = flows[flow] ?? { protocol: '' };
    const counted = found.get(numbers.join(' ')) ?? {
      peer: peers[peer]?.host ?? '',
      protocol,
      ...(port !== undefined && { port }),
      ...(containers && { containers: true as const }),
      length,
      sent: 0,
      left: 0,
      came: 0,
      passed: 0,
    };
    const packets = rule.expr.find(({ counter }) => counter)?.counter?.packets ?? 0;
    found.set(numbers.join(' '), { ...counted, [stage]: packets });
  }
  return [...found.values()];
}
