import * as z from 'zod';
import { expression } from '../../../model/arguments/judged.ts';
import { port, text } from '../../../model/arguments/scalars.ts';

/** The first process and the address of a container. */
const container = z.object({ pid: z.number(), address: text });

/** What one part of a trace is asked for. */
export const args = z.strictObject({
  phase: z
    .enum(['count', 'send', 'read'])
    .describe(
      '`count` begins to count on a host, `send` sends to the others, `read` ends counting and gives the result.',
    ),
  peers: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.strictObject({ host: text, address: text, from: container.nullish(), to: container.nullish() })))
    .describe(
      'An expression that gives the others: a list of `host`, `address`, and of a container here, `from`, and one there, `to`.',
    ),
  flows: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.looseObject({ protocol: text, port: port.optional(), containers: z.boolean().optional() })))
    .describe(
      'An expression that gives what is sent: a list of `protocol` (udp, tcp, icmp or a number), `port`, and `containers` for what containers send each other.',
    ),
  table: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'expected a name of letters, digits and _')
    .default('xrun_trace')
    .describe('With `read`: the table that `count` has registered as `table`.'),
});

export type TraceArgs = z.output<typeof args>;
export type TracedPeer = TraceArgs['peers'][number];
export type TracedFlow = TraceArgs['flows'][number];

/** A flow to a peer that can be sent: containers need one at each end. */
export function reaches({ from, to }: TracedPeer, { containers }: TracedFlow): boolean {
  return containers !== true || (Boolean(from) && Boolean(to));
}
