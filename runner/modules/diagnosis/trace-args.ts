import * as z from 'zod';
import { expression } from '../../model/arguments/judged.ts';
import { port, text } from '../../model/arguments/scalars.ts';

/** What one part of a trace is asked for. */
export const args = z.strictObject({
  phase: z
    .enum(['count', 'send', 'read'])
    .describe(
      '`count` begins to count on a host, `send` sends to the others, `read` ends counting and gives the result.',
    ),
  peers: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.strictObject({ host: text, address: text })))
    .describe('An expression that gives the others: a list of `host` and `address`.'),
  flows: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(z.looseObject({ protocol: text, port: port.optional() })))
    .describe('An expression that gives what is sent: a list of `protocol` (udp, tcp, icmp or a number) and `port`.'),
});

export type TraceArgs = z.output<typeof args>;
