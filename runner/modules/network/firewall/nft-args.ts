import * as z from 'zod';
import { flag, text, whole } from '../../../model/arguments/scalars.ts';
import { priorityOf } from './nft-chain.ts';

const identifier = z.string().regex(/^[A-Za-z_][\w./-]*$/, 'expected a name as nft takes it');

/** What a task says of a chain and a rule in it. */
export const nftArgs = z
  .strictObject({
    table: identifier.describe('Table.'),
    chain: identifier.describe('Chain.'),
    family: z.enum(['inet', 'ip', 'ip6', 'arp', 'bridge', 'netdev']).default('inet').describe('Family of the table.'),
    rule: z
      .string()
      .regex(/^(?:[^\n;"]|"[^"\n]*")+$/, 'expected one rule, without a semicolon')
      .optional()
      .describe('The rule in the words of nft(8): `tcp dport { 22, 80 } accept`; in any spelling.'),
    comment: z
      .string()
      .regex(/^[^"\n]{1,128}$/, 'expected up to 128 characters without quotes')
      .optional()
      .describe(
        'A remark. A rule of the chain that has it is this rule: if it says something else, it is replaced where it is.',
      ),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the rule is to be there; absent removes every copy of it.'),
    action: z.enum(['append', 'insert']).default('append').describe('At which end of the chain a missing rule is put.'),
    rule_num: whole
      .refine((n) => n > 0, 'expected a number from 1')
      .optional()
      .describe('Its place in the chain, from 1; a rule found elsewhere is moved there.'),
    chain_management: flag
      .default(false)
      .describe(
        'Make table and chain where they are missing; with state absent and no rule, remove the chain, and the table if nothing else is in it.',
      ),
    type: z
      .enum(['filter', 'nat', 'route'])
      .optional()
      .describe('Of a chain that packets come to by themselves: its type.'),
    hook: z
      .enum(['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'])
      .optional()
      .describe('Of such a chain: where in their way.'),
    priority: text
      .default('filter')
      .describe('Of such a chain: its place among others at that hook, a name or number.'),
    policy: z
      .enum(['accept', 'drop'])
      .optional()
      .describe('What becomes of packets that no rule of such a chain decides.'),
  })
  .superRefine((args, issues) => {
    const wrong = (message: string, path: string) => issues.addIssue({ code: 'custom', message, path: [path] });
    if ((args.type === undefined) !== (args.hook === undefined)) wrong('type and hook go together', 'hook');
    if (Number.isNaN(priorityOf(args.priority, args.family)))
      wrong('expected a priority such as filter, srcnat, -5', 'priority');
    if (args.comment !== undefined && args.rule === undefined && args.state === 'present')
      wrong('a comment needs a rule', 'comment');
    if (args.rule === undefined && args.comment === undefined && args.policy === undefined && !args.chain_management)
      wrong('give the rule', 'rule');
  });

export type NftArgs = z.output<typeof nftArgs>;
