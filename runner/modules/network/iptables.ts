import type { Diff } from '../../model/events.ts';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { command, isRule, iptablesArgs as args } from './firewall/iptables-args.ts';
import type { IptablesArgs } from './firewall/iptables-args.ts';
import { placing, shownRule } from './firewall/iptables-place.ts';
import { ruleLine, ruleWords } from './firewall/iptables-rule.ts';
import { parseIptables, probeIptables } from './firewall/iptables-state.ts';
import type { IptablesState as State } from './firewall/iptables-state.ts';

type Args = IptablesArgs;

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  if (state.trouble) return troubled(state.trouble, context);
  if (state.refused && !leadsToPlanned(args, state.refused, context)) return troubled(state.refused, context);
  if (state.unread && (!isRule(args) || args.policy || args.flush || args.rule_num !== undefined))
    return unreadable(args);
  if (args.state === 'absent') return remove(args, state);
  const made = state.chain || context.planned(chainKey(args)) === true;
  if (!made && !args.chain_management) {
    return {
      kind: 'fail',
      message: `there is no chain ${args.chain} in table ${args.table}`,
      hint: 'Use `chain_management: true` to create it.',
    };
  }
  if (args.policy && state.chain && state.policy === undefined)
    return {
      kind: 'fail',
      message: `${args.chain} is a chain that others jump to, and has no policy`,
      hint: 'Only built-in chains such as INPUT have one.',
    };
  if (args.flush) {
    const refused = foreign(args, state);
    if (refused) return refused;
  }
  return repair(args, { ...state, chain: made }, context);
}

/** Chains that programs keep for themselves, and rules that lead to them. */
const KEPT = /^(DOCKER(?!-USER$)|KUBE-|CALI-|cali-|CNI-|f2b-|ufw6?-|LIBVIRT_|NETAVARK|FWDI_|FWDO_)/;

/** The refusal to empty or remove what some program of the host keeps for itself, and would not make again. */
function foreign({ chain, table }: Args, { rules }: State): Decision<State> | undefined {
  const theirs = rules.filter((rule) => KEPT.test(/ -[jg] (\S+)/.exec(rule)?.[1] ?? ''));
  if (!KEPT.test(chain) && theirs.length === 0) return undefined;
  const what = KEPT.test(chain)
    ? `the chain ${chain} of table ${table} belongs to another program`
    : `the chain ${chain} of table ${table} holds rules of other programs: ${theirs.join('; ')}`;
  return { kind: 'fail', message: what, hint: 'Remove your own rules one by one with `state: absent`.' };
}

/** Whether the rule is refused only because the chain that it leads to is still to be made by an earlier task of the check. */
function leadsToPlanned(args: Args, refused: string, context: DecideContext): boolean {
  const to = args.jump ?? args.goto;
  return to !== undefined && refused.includes(to) && context.planned(chainKey({ ...args, chain: to })) === true;
}

/** The name under which the tasks of a check share a chain that one of them would make. */
const chainKey = (args: Args) => `iptables_chain:${[...command(args), args.chain].join(' ')}`;

/** The name under which the tasks of a run share the rules that `rule_num` has given a place. */
const placesKey = (args: Args) => `iptables_places:${[...command(args), args.chain].join(' ')}`;

export default defineModule({
  name: 'iptables',
  summary: 'Manage one exact rule of iptables or ip6tables, or the policy of a chain',
  traits: { effects: 'network' },
  notes: [
    'Everything else in the chain is left alone. Rules live until the next boot.',
    'A second copy of the rule is removed. One with `action: insert` that is after a rule that ends the chain for every packet is moved to the top; before rules that end it for some packets it is kept by `rule_num` only.',
    'Where several tasks of a run ask for the same `rule_num`, the first of them gets it, and the others the places behind it.',
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
  probe: probeIptables,
  parse: parseIptables,
  decide,
});

function troubled(trouble: string, context: DecideContext): Decision<State> {
  if (context.planned('package:iptables')) return { kind: 'unknown', why: 'iptables is not installed yet', steps: [] };
  const missing = /not found/.test(trouble);
  return {
    kind: 'fail',
    message: `iptables answers: ${trouble.split('\n')[0]}`,
    ...(missing && { hint: 'Install iptables on the host.' }),
  };
}

function unreadable({ table, chain, ip_version }: Args): Decision<State> {
  const hint = `\`nft list table ${ip_version === 'ipv6' ? 'ip6' : 'ip'} ${table}\` shows it; rules of nft belong into a table of their own.`;
  return {
    kind: 'fail',
    message: `iptables cannot read the chain ${chain} of table ${table}: nft made something there that iptables has no words for`,
    hint,
  };
}

function placeless({ chain, table }: Args): Decision<State> {
  return {
    kind: 'fail',
    message: `the rule is in the chain ${chain} of table ${table}, but iptables could not be asked how it prints it, so that its place is not known`,
    hint: `Write the rule as "iptables -t ${table} -S ${chain}" prints it.`,
  };
}

function repair(args: Args, state: State, context: DecideContext): Decision<State> {
  const { chain, table, policy } = args;
  const what = `${table} ${chain}`;
  const after: State = { ...state, chain: true };
  const diff: Diff[] = [];
  const scripts: Script[] = [];
  const claimed = (context.claimed(placesKey(args)) ?? []) as string[];
  const claims: Record<string, string[]> = {};
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
    if (
      args.rule_num !== undefined &&
      state.found &&
      !state.printed &&
      !state.rules.includes(ruleLine(chain, ruleWords(args)))
    )
      return placeless(args);
    const kept = args.flush ? { ...state, rules: [], found: false } : state;
    const wanted = { ...args, command: command(args), words: ruleWords(args), claimed };
    const placed = placing(wanted, kept);
    if (args.rule_num !== undefined) claims[placesKey(args)] = [...claimed, shownRule(wanted, kept)];
    for (const one of placed.diff) diff.push(one);
    for (const one of placed.scripts) scripts.push(one);
    after.found = true;
  }
  return scripts.length === 0
    ? { kind: 'ok', claims }
    : { kind: 'change', diff, steps: runs(scripts), after, plans: { [chainKey(args)]: true }, claims };
}

function remove(args: Args, state: State): Decision<State> {
  const what = `${args.table} ${args.chain}`;
  if (!isRule(args)) {
    if (!args.chain_management || !state.chain) return { kind: 'ok' };
    const refused = KEPT.test(args.chain) ? foreign(args, state) : undefined;
    if (refused) return refused;
    if (state.policy !== undefined)
      return { kind: 'fail', message: `${args.chain} is a built-in chain of iptables and cannot be removed` };
    if (state.users)
      return {
        kind: 'fail',
        message: `rules lead to the chain ${args.chain} of table ${args.table}: ${state.users.join('; ')}`,
        hint: 'Remove them first.',
      };
    const scripts = [argv(command(args), '-F', args.chain), argv(command(args), '-X', args.chain)];
    return {
      kind: 'change',
      diff: [{ what: `${what} chain`, before: [args.chain, ...state.rules].join('\n'), after: null }],
      steps: runs(scripts),
      after: { chain: false, rules: [], found: false },
      plans: { [chainKey(args)]: false },
    };
  }
  if (!state.found) return { kind: 'ok' };
  const rule = ruleWords(args);
  const all = sh`while ${command(args)} -C ${args.chain} ${rule} 2>/dev/null; do ${command(args)} -D ${args.chain} ${rule} || exit; done`;
  return {
    kind: 'change',
    diff: [{ what: `${what} rule`, before: ruleLine(args.chain, rule), after: null }],
    steps: runs([all]),
    after: { ...state, found: false },
  };
}
