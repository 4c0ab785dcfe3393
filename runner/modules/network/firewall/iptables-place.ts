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
}

interface Found {
  /** `iptables -S` of the chain. */
  rules: string[];
  /** Whether the rule is there, in whatever way it is written. */
  found: boolean;
  /** The rule as iptables prints it, where that could be asked. */
  printed?: string | undefined;
}

/** What makes the rule be there once, and where it is wanted; nothing where it is. */
export function placing(wanted: Wanted, state: Found): { diff: Diff[]; scripts: Script[] } {
  const { command, chain, words } = wanted;
  const line = state.printed ?? ruleLine(chain, words);
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
function destination({ action, rule_num, chain }: Wanted, { rules }: Found, at: number, copies: number): number {
  if (rule_num !== undefined) return Math.min(rule_num, rules.length - copies + 1);
  const last = ['ACCEPT', 'DROP', 'RETURN', 'REJECT'].map((target) => `-A ${chain} -j ${target}`);
  const behind = rules.slice(0, at - 1).some((rule) => last.some((end) => rule === end || rule.startsWith(`${end} `)));
  return action === 'insert' && behind ? 1 : at;
}

function addition({ command, chain, words, action, rule_num }: Wanted, { rules }: Found): Script {
  if (rule_num !== undefined && rule_num <= rules.length) return argv(command, '-I', chain, rule_num, words);
  return argv(command, action === 'insert' && rule_num === undefined ? '-I' : '-A', chain, words);
}
