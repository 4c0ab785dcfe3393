import * as z from 'zod';
import { flag, text, whole, words } from '../../../model/arguments/scalars.ts';
import { ruleWords } from './iptables-rule.ts';
import type { Rule } from './iptables-rule.ts';

const ONE_LINE = /^[^\n\r]*$/;

/** The arguments of the module iptables. */
export const iptablesArgs = z
  .strictObject({
    chain: z
      .string()
      .regex(/^[\w.-]{1,28}$/, 'expected the name of a chain')
      .describe('Chain.'),
    table: z.enum(['filter', 'nat', 'mangle', 'raw', 'security']).default('filter').describe('Table.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the rule is to be there; absent removes every copy of it.'),
    ip_version: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('iptables or ip6tables.'),
    action: z.enum(['append', 'insert']).default('append').describe('At which end of the chain a missing rule is put.'),
    rule_num: whole
      .refine((n) => n > 0, 'expected a number from 1')
      .optional()
      .describe('Its place in the chain, from 1; a rule found elsewhere is moved there.'),
    policy: z
      .enum(['ACCEPT', 'DROP'])
      .optional()
      .describe('What becomes of packets that no rule decides; of the built-in chains only.'),
    flush: flag.default(false).describe('Remove all rules of the chain. Not for chains that Docker shares.'),
    chain_management: flag
      .default(false)
      .describe('Make the chain where it is missing; with state absent and no rule, remove it.'),
    source: z.string().optional().describe('Source network; `!` before it negates, as in every match.'),
    destination: z.string().optional().describe('Destination network.'),
    in_interface: z.string().optional().describe('Interface it came in by.'),
    out_interface: z.string().optional().describe('Interface it leaves by.'),
    protocol: text.optional().describe('Protocol, by name or number: tcp, udp, icmp, icmpv6, esp, 6 ...'),
    match: words.optional().describe('Extensions to load, where an argument does not load its own.'),
    source_port: text.optional().describe('Port or range, 1024:2047.'),
    destination_port: text.optional().describe('Port or range.'),
    destination_ports: words.optional().describe('Several ports.'),
    ctstate: words.optional().describe('States of the connection: NEW, ESTABLISHED, RELATED ...'),
    src_type: z.string().optional().describe('Type of the source address: LOCAL ...'),
    dst_type: z.string().optional().describe('Type of the destination address.'),
    src_range: z.string().optional().describe('Source addresses, first-last.'),
    dst_range: z.string().optional().describe('Destination addresses, first-last.'),
    icmp_type: text.optional().describe('Type of the ICMP message.'),
    tcp_flags: z
      .strictObject({
        flags: words.describe('Those looked at.'),
        flags_set: words.describe('Those that must be set, of them.'),
      })
      .optional()
      .describe('Flags that are looked at, and those of them that must be set.'),
    syn: z.enum(['ignore', 'match', 'negate']).default('ignore').describe('Whether the packet opens a TCP connection.'),
    limit: z.string().optional().describe('Rate at most: 3/sec.'),
    limit_burst: whole.optional().describe('Packets before the rate counts.'),
    uid_owner: text.optional().describe('User that sent it.'),
    gid_owner: text.optional().describe('Group that sent it.'),
    rule: z.string().optional().describe('Further matches and options, as words of a command line.'),
    comment: z.string().regex(ONE_LINE, 'expected one line').max(255).optional().describe('A remark.'),
    jump: z.string().optional().describe('What happens to the packet: ACCEPT, DROP, MASQUERADE, a chain ...'),
    goto: z.string().optional().describe('Chain to go on with, without coming back.'),
    reject_with: z.string().optional().describe('Answer of REJECT.'),
    to_destination: z.string().optional().describe('Address of DNAT.'),
    to_source: z.string().optional().describe('Address of SNAT.'),
    to_ports: text.optional().describe('Ports of REDIRECT and MASQUERADE.'),
    set_mss: whole.optional().describe('Segment size of TCPMSS.'),
    clamp_mss_to_pmtu: flag.optional().describe("TCPMSS: make segments fit the path's MTU."),
    set_mark: text.optional().describe('Mark of MARK.'),
    log_prefix: z.string().regex(ONE_LINE, 'expected one line').max(29).optional().describe('Prefix of LOG.'),
    log_level: text.optional().describe('Level of LOG.'),
  })
  .superRefine((given, issues) => {
    const wrong = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (given.state === 'absent' && given.policy) wrong('policy', 'a policy cannot be absent: give the other one');
    if (given.state === 'absent' && given.flush)
      wrong(
        'flush',
        'flush goes with state: present; state: absent removes one rule, or with chain_management the chain',
      );
    if (given.state === 'absent' && given.rule_num !== undefined)
      wrong('rule_num', 'state: absent removes every copy of the rule, at any position');
    if (!isRule(given) && !given.policy && !given.flush && !given.chain_management)
      wrong('chain', 'give a rule (such as jump), policy, flush or chain_management');
  });

export type IptablesArgs = z.output<typeof iptablesArgs>;

/** The command that the family and the table of the rule need. */
export const command = ({ ip_version, table }: Pick<IptablesArgs, 'ip_version' | 'table'>) => [
  ip_version === 'ipv6' ? 'ip6tables' : 'iptables',
  '-w',
  '-t',
  table,
];

/** Whether the arguments name a rule at all. */
export const isRule = (rule: Rule) => ruleWords(rule).length > 0;
