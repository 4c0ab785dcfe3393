import * as z from 'zod';
import { expression } from '../../../model/arguments/judged.ts';
import { port, text } from '../../../model/arguments/scalars.ts';

/** What one part of a trace is asked for. */
export const args = z.strictObject({
  phase: z
    .enum(['count', 'send', 'read'])
    .describe(
      '`count` begins to count on a host, `send` sends to the others, `read` ends counting and gives the result.',
    ),
  peers: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.strictObject({ host: text, address: text, container: z.looseObject({ address: text }).nullish() })))
    .describe('An expression that gives the others: a list of `host`, `address`, and a `container` of theirs.'),
  flows: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.looseObject({ protocol: text, port: port.optional(), containers: z.boolean().optional() })))
    .describe(
      'An expression that gives what is sent: a list of `protocol` (udp, tcp, icmp or a number), `port`, and `containers` for what containers send each other.',
    ),
  container: expression
    .transform(({ value }) => value ?? undefined)
    .pipe(z.looseObject({ pid: z.number(), address: text }).optional())
    .optional()
    .describe(
      'An expression that gives the container of this host that sends to those of the others: `pid` and `address`.',
    ),
  table: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'expected a name of letters, digits and _')
    .default('xrun_trace')
    .describe('With `read`: the table that `count` has registered as `table`.'),
});

export type TraceArgs = z.output<typeof args>;
type Peer = TraceArgs['peers'][number];
type TracedFlow = TraceArgs['flows'][number];

/** A flow to a peer that can be sent: containers need one at each end. */
export function reaches({ container }: TraceArgs, peer: Peer, flow: TracedFlow): boolean {
  return flow.containers !== true || (container !== undefined && (peer.container ?? undefined) !== undefined);
}
