import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import { runs } from '../shared/attribute.ts';
import { LINKS } from './links/link.ts';
import { commentOf, plainRule, priorityOf } from './firewall/nft-chain.ts';
import type { NftRule } from './firewall/nft-chain.ts';
import { parseNft, probeChain } from './firewall/nft-state.ts';
import type { ChainName, NftState } from './firewall/nft-state.ts';
import { nftArgs } from './firewall/nft-args.ts';
import type { NftArgs } from './firewall/nft-args.ts';

const nameOf = ({ family, table, chain }: NftArgs): ChainName => [family, table, chain];
const ruleOf = ({ rule, comment }: NftArgs) =>
  rule === undefined ? undefined : `${rule.trim()}${comment === undefined ? '' : ` comment "${comment}"`}`;

export default defineModule<typeof nftArgs, NftState>({
  name: 'nftables',
  summary: 'Manage one exact rule of nftables, or the policy of a chain',
  traits: { effects: 'network' },
  notes: [
    'Everything else in the chain is left alone. Rules live until the next boot, unless something keeps them: /etc/nftables.conf is not touched.',
    'Tables that iptables made (`ip filter`, `ip nat`) belong to it: use the module iptables for those.',
    'How nft itself would write the rule is asked in a network namespace of its own, in which interfaces of the same names are made; where that cannot be had, a rule is compared as it is written.',
    '`iif` and `oif` mean the interface that has the name when the rule is added, and a new one of the same name is another: prefer `iifname` and `oifname`.',
  ],
  examples: `- name: Let only the hosts reach the store
  nftables:
    table: hosts
    chain: input
    chain_management: true
    type: filter
    hook: input
    rule: tcp dport 2379 ip saddr != 10.0.0.0/24 drop
    comment: store
`,
  args: nftArgs,
  probe: (args) => probeChain(nameOf(args), ruleOf(args)),
  parse: ({ stdout }) => parseNft(stdout),
  decide: (args, state, context) => planned(args, decide(args, withPlanned(args, state, context), context)),
  prove: true,
});

/** Under which the tasks of a check know the chain, each with the rules that the others would have put there. */
const chainKey = (args: NftArgs) => `nft_chain:${nameOf(args).join(' ')}`;

function withPlanned(args: NftArgs, state: NftState, context: DecideContext): NftState {
  const earlier = context.planned(chainKey(args)) as NftState | undefined;
  return earlier
    ? {
        ...earlier,
        ...(state.wanted !== undefined && { wanted: state.wanted }),
        ...(state.refused !== undefined && { refused: state.refused }),
      }
    : state;
}

function planned(args: NftArgs, decision: Decision<NftState>): Decision<NftState> {
  return decision.kind === 'change' ? { ...decision, plans: { [chainKey(args)]: decision.after } } : decision;
}

function decide(args: NftArgs, state: NftState, context: DecideContext): Decision<NftState> {
  if (state.trouble) {
    if (context.planned('package:nftables'))
      return { kind: 'unknown', why: 'nftables is not installed yet', steps: [] };
    return {
      kind: 'fail',
      message: `nft answers: ${state.trouble}`,
      ...(/not found/.test(state.trouble) && { hint: 'Install nftables on the host.' }),
    };
  }
  if (args.state === 'absent') return remove(args, state);
  return refuse(args, state, context) ?? repair(args, state);
}

function refuse(args: NftArgs, state: NftState, context: DecideContext): Decision<NftState> | undefined {
  const { family, table, chain, type, hook, priority } = args;
  const base = state.chain?.hook;
  if (state.refused !== undefined) {
    // A set, a chain or an interface that an earlier task would make.
    const link = /Interface does not exist/.test(state.refused) && context.planned(LINKS) !== undefined;
    if (context.check && (link || /No such file/.test(state.refused)))
      return { kind: 'unknown', why: 'what the rule names does not exist yet', steps: [] };
    return { kind: 'fail', message: `nft does not take the rule: ${state.refused}` };
  }
  if (!state.chain && !args.chain_management) {
    return {
      kind: 'fail',
      message: `there is no chain ${chain} in table ${family} ${table}`,
      hint: 'Use `chain_management: true` to create it.',
    };
  }
  if (
    state.chain &&
    hook &&
    (base?.hook !== hook || base.type !== type || priorityOf(base.priority, family) !== priorityOf(priority, family))
  ) {
    const is = base ? `type ${base.type} hook ${base.hook} priority ${base.priority}` : 'one that others jump to';
    return {
      kind: 'fail',
      message: `the chain ${chain} is ${is}, expected type ${type} hook ${hook} priority ${priority}`,
      hint: 'Remove the chain first: nft cannot change that.',
    };
  }
  if (args.policy && state.chain && !base)
    return { kind: 'fail', message: `${chain} is a chain that others jump to, and has no policy` };
  return undefined;
}

/** Whether a rule of the chain is the wanted one. */
function matcher(args: NftArgs, { wanted }: NftState): (rule: NftRule) => boolean {
  const rule = ruleOf(args);
  if (rule === undefined) return ({ text }) => args.comment !== undefined && commentOf(text) === args.comment;
  return ({ text }) => (wanted === undefined ? plainRule(text) === plainRule(rule) : text === wanted);
}

function repair(args: NftArgs, state: NftState): Decision<NftState> {
  const name = nameOf(args);
  const what = name.join(' ');
  const diff: Diff[] = [];
  const scripts: Script[] = [];
  const base =
    args.hook &&
    `{ type ${args.type} hook ${args.hook} priority ${args.priority}; policy ${args.policy ?? 'accept'}; }`;
  if (!state.chain) {
    diff.push({ what: `${what} chain`, before: null, after: base ?? 'present' });
    scripts.push(
      ...(state.things === undefined ? [argv('nft', 'add', 'table', args.family, args.table)] : []),
      argv('nft', 'add', 'chain', name, ...(base ? [base] : [])),
    );
  } else if (args.policy && args.policy !== state.chain.hook?.policy) {
    diff.push({ what: `${what} policy`, before: state.chain.hook?.policy ?? null, after: args.policy });
    scripts.push(argv('nft', 'add', 'chain', name, `{ policy ${args.policy}; }`));
  }
  const change = ruleChange(args, state);
  if (change) {
    diff.push({ what: `${what} rule`, ...change.diff });
    for (const one of change.scripts) scripts.push(one);
  }
  if (diff.length === 0) return { kind: 'ok' };
  const hook = base
    ? { type: args.type!, hook: args.hook!, priority: args.priority, policy: args.policy ?? 'accept' }
    : state.chain?.hook;
  const rules = change?.rules ?? state.chain?.rules ?? [];
  return {
    kind: 'change',
    diff,
    steps: runs(scripts),
    after: {
      ...state,
      things: state.things ?? 1,
      chain: { ...(hook && { hook: { ...hook, policy: args.policy ?? hook.policy } }), rules },
    },
  };
}

function ruleChange(
  args: NftArgs,
  state: NftState,
): { diff: Omit<Diff, 'what'>; scripts: Script[]; rules: NftRule[] } | undefined {
  const rule = ruleOf(args);
  if (rule === undefined) return undefined;
  const name = nameOf(args);
  const rules = state.chain?.rules ?? [];
  const isWanted = matcher(args, state);
  const wanted = { text: state.wanted ?? rule, handle: '' };
  const at = rules.findIndex(isWanted);
  const { rule_num: place } = args;
  if (at >= 0 && (place === undefined || at + 1 === place)) return undefined;
  const other =
    at < 0 && args.comment !== undefined ? rules.find(({ text }) => commentOf(text) === args.comment) : undefined;
  if (other && (place === undefined || rules.indexOf(other) + 1 === place)) {
    return {
      diff: { before: other.text, after: wanted.text },
      scripts: [argv('nft', 'replace', 'rule', name, 'handle', other.handle, rule)],
      rules: rules.map((one) => (one === other ? wanted : one)),
    };
  }
  const old = other ?? rules[at];
  const rest = rules.filter((one) => one !== old);
  const index = place === undefined ? (args.action === 'insert' ? 0 : rest.length) : Math.min(place - 1, rest.length);
  const removal = old ? [argv('nft', 'delete', 'rule', name, 'handle', old.handle)] : [];
  // Without a position `insert` puts it first, `add` last.
  const words =
    index >= rest.length
      ? ['add', 'rule', ...name]
      : ['insert', 'rule', ...name, ...(index === 0 ? [] : ['index', String(index)])];
  const numbered = (n: number, line: string) => (place === undefined ? line : `${n}: ${line}`);
  return {
    diff: { before: old ? numbered(rules.indexOf(old) + 1, old.text) : null, after: numbered(index + 1, wanted.text) },
    scripts: [...removal, argv('nft', words, rule)],
    rules: rest.toSpliced(index, 0, wanted),
  };
}

function remove(args: NftArgs, state: NftState): Decision<NftState> {
  const name = nameOf(args);
  const { chain, things = 0 } = state;
  const what = name.join(' ');
  if (!chain) return { kind: 'ok' };
  if (args.rule === undefined && args.comment === undefined) {
    if (!args.chain_management)
      return {
        kind: 'fail',
        message: 'there is nothing to remove: a policy can only be another one',
        hint: 'Give the rule, or chain_management to remove the chain.',
      };
    const alone = things <= 1;
    const scripts = alone
      ? [argv('nft', 'delete', 'table', args.family, args.table)]
      : [argv('nft', 'flush', 'chain', name), argv('nft', 'delete', 'chain', name)];
    return {
      kind: 'change',
      diff: [{ what: `${what} chain`, before: 'present', after: null }],
      steps: runs(scripts),
      after: alone ? {} : { things: things - 1 },
    };
  }
  const gone = chain.rules.filter(matcher(args, state));
  if (gone.length === 0) return { kind: 'ok' };
  return {
    kind: 'change',
    diff: gone.map(({ text }) => ({ what: `${what} rule`, before: text, after: null })),
    steps: runs(gone.map(({ handle }) => argv('nft', 'delete', 'rule', name, 'handle', handle))),
    after: { ...state, chain: { ...chain, rules: chain.rules.filter((rule) => !gone.includes(rule)) } },
  };
}
