import * as z from 'zod';
import type { Diff } from '../events.ts';
import { argv, sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag, text, whole, words } from './arguments/scalars.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision } from './module.ts';
import { runs } from './net/attribute.ts';
import { placing } from './net/iptables-place.ts';
import { ruleLine, ruleWords } from './net/iptables-rule.ts';
import { sections } from './net/sections.ts';

const args = z.strictObject({
  chain: z.string().regex(/^[\w.-]{1,28}$/, 'expected the name of a chain').describe('Chain.'),
  table: z.enum(['filter', 'nat', 'mangle', 'raw', 'security']).default('filter').describe('Table.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the rule is to be there; absent removes every copy of it.'),
  ip_version: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('iptables or ip6tables.'),
  action: z.enum(['append', 'insert']).default('append').describe('At which end of the chain a missing rule is put.'),
  rule_num: whole.optional().describe('Its place in the chain, from 1; a rule found elsewhere is moved there.'),
  policy: z.enum(['ACCEPT', 'DROP']).optional().describe("What becomes of packets that no rule decides; of the built-in chains only."),
  flush: flag.default(false).describe('Remove all rules of the chain. Not for chains that Docker shares.'),
  chain_management: flag.default(false).describe('Make the chain where it is missing; with state absent and no rule, remove it.'),
  source: z.string().optional().describe('Source network; `!` before it negates, as in every match.'),
  destination: z.string().optional().describe('Destination network.'),
  in_interface: z.string().optional().describe('Interface it came in by.'),
  out_interface: z.string().optional().describe('Interface it leaves by.'),
  protocol: text.optional().describe('Protocol, as iptables prints it: tcp, udp, icmp, ipv6-icmp, esp ...'),
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
  tcp_flags: z.strictObject({ flags: words.describe('Those looked at.'), flags_set: words.describe('Those that must be set, of them.') }).optional().describe('Flags that are looked at, and those of them that must be set.'),
  syn: z.enum(['ignore', 'match', 'negate']).default('ignore').describe('Whether the packet opens a TCP connection.'),
  limit: z.string().optional().describe('Rate at most: 3/sec.'),
  limit_burst: whole.optional().describe('Packets before the rate counts.'),
  uid_owner: text.optional().describe('User that sent it.'),
  gid_owner: text.optional().describe('Group that sent it.'),
  rule: z.string().optional().describe('Further matches and options, as words of a command line.'),
  comment: z.string().optional().describe('A remark.'),
  jump: z.string().optional().describe('What happens to the packet: ACCEPT, DROP, MASQUERADE, a chain ...'),
  goto: z.string().optional().describe('Chain to go on with, without coming back.'),
  reject_with: z.string().optional().describe('Answer of REJECT.'),
  to_destination: z.string().optional().describe('Address of DNAT.'),
  to_source: z.string().optional().describe('Address of SNAT.'),
  to_ports: text.optional().describe('Ports of REDIRECT and MASQUERADE.'),
  set_mss: whole.optional().describe('Segment size of TCPMSS.'),
  clamp_mss_to_pmtu: flag.optional().describe("TCPMSS: make segments fit the path's MTU."),
  set_mark: text.optional().describe('Mark of MARK.'),
  log_prefix: z.string().optional().describe('Prefix of LOG.'),
  log_level: text.optional().describe('Level of LOG.'),
});

type Args = z.output<typeof args>;

interface State {
  /** What iptables said instead of an answer. */
  trouble?: string;
  /** Whether the chain exists. */
  chain: boolean;
  /** nft made something in the table that iptables has no words for: of a chain only `-C` answers then. */
  unread?: boolean;
  policy?: string;
  /** `iptables -S` of the chain. */
  rules: string[];
  /** What `iptables -C` says of the rule, which knows every way to write the same. */
  found: boolean;
}

const command = (args: Args) => [args.ip_version === 'ipv6' ? 'ip6tables' : 'iptables', '-w', '-t', args.table];
const isRule = (args: Args) => ruleWords(args).length > 0;

function probe(args: Args): Script {
  const check = sh`${command(args)} -C ${args.chain} ${ruleWords(args)} 2>&1 && echo @@found`;
  // Of a chain that is not there nft's iptables says what it says of one it cannot read; of the table it tells them apart.
  return sh`echo @@rules; ${command(args)} -S ${args.chain} 2>&1 || ${command(args)} -S 2>&1 >/dev/null
echo @@check
${isRule(args) && check}
true`;
}

function parse({ stdout }: { stdout: string }): State {
  const found = sections(stdout);
  const lines = (found.get('rules') ?? '').split('\n').filter(Boolean);
  const policy = /^-P \S+ (\S+)/m.exec(lines.join('\n'))?.[1];
  const unread = lines.some((line) => /: table \S+ is incompatible/.test(line));
  const chain = unread || lines.some((line) => /^-[PN] /.test(line));
  const check = found.get('check') ?? '';
  // Options that iptables does not know are its exit status 2 and a text of their own; a missing rule is "Bad rule".
  const odd = !chain && !/No chain|incompatible|does not exist/.test(lines.join('\n')) ? (lines[0] ?? 'nothing') : /unknown option|Couldn't load|invalid|Bad argument/.exec(check) ? check : undefined;
  return { chain, rules: lines.filter((line) => line.startsWith('-A')), found: found.has('found'), ...(unread && { unread }), ...(policy && { policy }), ...(odd && { trouble: odd }) };
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  if (state.trouble) return troubled(state.trouble, context);
  if (state.unread && (!isRule(args) || args.policy || args.flush || args.rule_num !== undefined)) return unreadable(args);
  if (args.state === 'absent') return remove(args, state);
  const made = state.chain || context.planned(chainKey(args)) === true;
  if (!made && !args.chain_management) {
    return { kind: 'fail', message: `there is no chain ${args.chain} in table ${args.table}`, hint: 'chain_management: true makes it' };
  }
  return mend(args, { ...state, chain: made });
}

/** Under which the tasks of a check tell each other of a chain that one of them would make. */
const chainKey = (args: Args) => `iptables_chain:${[...command(args), args.chain].join(' ')}`;

export default defineModule({
  name: 'iptables',
  summary: 'Manage one exact rule of iptables or ip6tables, or the policy of a chain',
  notes: [
    'Everything else in the chain is left alone. Rules live until the next boot.',
    'A second copy of the rule is removed. One with `action: insert` that stands behind a rule which ends the chain for every packet is moved to the top; before rules that end it for some packets it is kept by `rule_num` only.',
    'Where nft made a rule in the table that iptables cannot read, a rule is still added, found and removed; `rule_num`, `policy`, `flush` and the removal of a chain fail.',
    'Docker keeps its own rules: put yours into DOCKER-USER, which Docker never flushes.',
  ],
  examples: `- name: Containers of all hosts may talk to each other
  iptables:
    chain: DOCKER-USER
    action: insert
    source: 10.20.0.0/16
    destination: 10.20.0.0/16
    jump: ACCEPT
`,
  args,
  resource: (given) => `iptables:${[...command(given), given.chain, ...ruleWords(given)].join(' ')}`,
  probe,
  parse,
  decide,
});

function troubled(trouble: string, context: DecideContext): Decision<State> {
  if (context.planned('package:iptables')) return { kind: 'unknown', why: 'iptables is not installed yet', steps: [] };
  const missing = /not found/.test(trouble);
  return { kind: 'fail', message: `iptables answers: ${trouble.split('\n')[0]}`, ...(missing && { hint: 'install iptables on the host' }) };
}

function unreadable({ table, chain, ip_version }: Args): Decision<State> {
  const hint = `nft list table ${ip_version === 'ipv6' ? 'ip6' : 'ip'} ${table} shows what there is; rules of nft's own belong into a table of their own.`;
  return { kind: 'fail', message: `iptables cannot read the chain ${chain} of table ${table}: nft made something there that iptables has no words for`, hint };
}

function mend(args: Args, state: State): Decision<State> {
  const { chain, table, policy } = args;
  const what = `${table} ${chain}`;
  const after: State = { ...state, chain: true };
  const diff: Diff[] = [];
  const scripts: Script[] = [];
  if (!state.chain) {
    diff.push({ what: `${what} chain`, before: null, after: chain });
    scripts.push(argv(command(args), '-N', chain));
  }
  if (policy && policy !== state.policy) {
    diff.push({ what: `${what} policy`, before: state.policy ?? null, after: policy });
    scripts.push(argv(command(args), '-P', chain, policy));
    after.policy = policy;
  }
  if (args.flush && state.rules.length > 0) {
    diff.push({ what: `${what} rules`, before: state.rules.join('\n'), after: null });
    scripts.push(argv(command(args), '-F', chain));
    after.rules = [];
  }
  if (isRule(args)) {
    const kept = args.flush ? { ...state, rules: [], found: false } : state;
    const placed = placing({ ...args, command: command(args), words: ruleWords(args) }, kept);
    diff.push(...placed.diff);
    scripts.push(...placed.scripts);
    after.found = true;
  }
  return scripts.length === 0 ? { kind: 'ok' } : { kind: 'change', diff, steps: runs(scripts), after, plans: { [chainKey(args)]: true } };
}

function remove(args: Args, state: State): Decision<State> {
  const what = `${args.table} ${args.chain}`;
  if (!isRule(args)) {
    if (!args.chain_management || !state.chain) return { kind: 'ok' };
    const scripts = [argv(command(args), '-F', args.chain), argv(command(args), '-X', args.chain)];
    return { kind: 'change', diff: [{ what: `${what} chain`, before: args.chain, after: null }], steps: runs(scripts), after: { chain: false, rules: [], found: false }, plans: { [chainKey(args)]: false } };
  }
  if (!state.found) return { kind: 'ok' };
  const rule = ruleWords(args);
  const all = sh`while ${command(args)} -C ${args.chain} ${rule} 2>/dev/null; do ${command(args)} -D ${args.chain} ${rule} || exit; done`;
  return { kind: 'change', diff: [{ what: `${what} rule`, before: ruleLine(args.chain, rule), after: null }], steps: runs([all]), after: { ...state, found: false } };
}
