import type { Diff } from '../../../model/events.ts';
import { argv } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { ruleLine } from './iptables-rule.ts';

/** One rule, and where in its chain it is wanted. */
interface Wanted {
  /** iptables or ip6tables, with the options that all commands have. */
  command: string[];
  table: string;
  chain: string;
  /** The rule. */
  words: string[];
  action: 'append' | 'insert';
  rule_num?: number | undefined;
  /** Rules, as iptables prints them, that earlier tasks of the run have put at places of their own. */
  claimed: readonly string[];
}

interface Found {
  /** `iptables -S` of the chain. */
  rules: string[];
  /** Whether the rule is there, in whatever way it is written. */
  found: boolean;
  /** The rule as iptables prints it, where that could be asked. */
  printed?: string | undefined;
}

/** The rule as iptables prints it, as far as that is known. */
export function shownRule({ chain, words }: Pick<Wanted, 'chain' | 'words'>, { printed }: Found): string {
  return printed ?? ruleLine(chain, words);
}

/** What makes the rule be there once, and where it is wanted; nothing where it is. */
export function placing(wanted: Wanted, state: Found): { diff: Diff[]; scripts: Script[] } {
  const { command, chain, words } = wanted;
  const line = shownRule(wanted, state);
  const found = places(line, state);
  const at = found.find((one) => one === wanted.rule_num) ?? found[0];
  const to = at === undefined ? undefined : destination(wanted, state, at, found.length);
  if (state.found && at === to && found.length < 2) return { diff: [], scripts: [] };
  const what = `${wanted.table} ${chain} rule`;
  if (at === undefined || to === undefined)
    return { diff: [{ what, before: null, after: line }], scripts: [addition(wanted, state)] };
  const gone = found.filter((one) => one !== at || at !== to);
  const moved = at === to ? undefined : slot(to, gone);
  // Added before the old one goes, and removed from the last: the numbers of the others stay.
  const shifted = gone.map((one) => (moved !== undefined && one >= moved ? one + 1 : one)).reverse();
  return {
    diff: [{ what, before: found.map((one) => `${one}: ${line}`).join('\n'), after: `${to}: ${line}` }],
    scripts: [
      ...(moved === undefined ? [] : [argv(command, '-I', chain, moved, words)]),
      ...shifted.map((one) => argv(command, '-D', chain, one)),
    ],
  };
}

/** Where a rule has to be added to stand at `to` once the others that are its copies are gone. */
function slot(to: number, gone: readonly number[]): number {
  let at = to;
  while (at - gone.filter((one) => one < at).length < to) at++;
  return at;
}

/** The position of the rule, from 1; nowhere where it is not known how iptables prints it. */
function places(line: string, { rules }: Found): number[] {
  return rules.flatMap((rule, i) => (rule === line ? [i + 1] : []));
}

/** The place the rule is to have: that of rule_num as far as the chain goes, or the top where a rule before it lets no packet come to it. */
function destination(wanted: Wanted, { rules }: Found, at: number, copies: number): number {
  const { action, rule_num, chain } = wanted;
  const others = rules.filter((rule) => rule !== rules[at - 1]);
  if (rule_num !== undefined) return Math.min(free(rule_num, others, wanted), rules.length - copies + 1);
  const last = ['ACCEPT', 'DROP', 'RETURN', 'REJECT'].map((target) => `-A ${chain} -j ${target}`);
  const behind = rules.slice(0, at - 1).some((rule) => last.some((end) => rule === end || rule.startsWith(`${end} `)));
  return action === 'insert' && behind ? 1 : at;
}

/** The first place from `rule_num` on that no earlier task's rule has. */
function free(rule_num: number, rules: readonly string[], { claimed }: Wanted): number {
  let place = rule_num;
  while (claimed.includes(rules[place - 1] ?? '')) place++;
  return place;
}

function addition(wanted: Wanted, { rules }: Found): Script {
  const { command, chain, words, action, rule_num } = wanted;
  const place = rule_num === undefined ? undefined : free(rule_num, rules, wanted);
  if (place !== undefined && place <= rules.length) return argv(command, '-I', chain, place, words);
  return argv(command, action === 'insert' && rule_num === undefined ? '-I' : '-A', chain, words);
}
