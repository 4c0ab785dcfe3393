import type { Flow } from './flows.ts';
import type { RuleView } from './view.ts';

/** Chains of iptables that packets come to by themselves. */
const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** The rules of `iptables-save` that drop or reject, and the policies that do. */
export function dropsOfIptables(text: string): RuleView[] {
  let table = '';
  const found: RuleView[] = [];
  const note = (chain: string, rule: string) =>
    found.push({
      where: `iptables ${table} ${chain}`,
      text: rule,
      ...(BUILT_IN.test(chain) && { hook: chain.toLowerCase() }),
    });
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const policy = /^:(\S+) DROP/.exec(line)?.[1];
    if (policy) note(policy, 'policy DROP');
    const chain = /^-A (\S+) .*-j (?:DROP|REJECT)\b/.exec(line)?.[1];
    if (chain) note(chain, line.trim());
  }
  return found;
}

/** The chains of `iptables-save`, with their tables. */
export function chainsOfIptables(text: string): string[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const chain = /^:(\S+) /.exec(line)?.[1];
    return chain ? [`${table} ${chain}`] : [];
  });
}

/** Tables that iptables keeps in nftables. */
const OF_IPTABLES = /^ip6? (filter|nat|raw|mangle|security)$/;

/** The same of `nft list ruleset`. Tables that iptables keeps there are left out where iptables lists them itself. */
export function dropsOfNft(text: string, iptablesToo: boolean): RuleView[] {
  let table = '';
  let chain = '';
  let hook: string | undefined;
  const found: RuleView[] = [];
  for (const line of text.split('\n')) {
    table = /^table (.+) \{/.exec(line)?.[1] ?? table;
    const begun = /^\s+chain (.+) \{/.exec(line)?.[1];
    if (begun) [chain, hook] = [begun, undefined];
    hook = /^\s+type \S+ hook (\S+)/.exec(line)?.[1] ?? hook;
    if (iptablesToo && OF_IPTABLES.test(table)) continue;
    const policy = /^\s+type .*policy drop;/.test(line);
    if (policy || /\b(drop|reject)\b/.test(line))
      found.push({ where: `nft ${table} ${chain}`, text: policy ? 'policy drop' : line.trim(), ...(hook && { hook }) });
  }
  return found;
}

/**
 * The rules that may have dropped a flow on its way out of a host, or into it: those that name its port or protocol before those
 * that name none.
 *
 * @param peer the address of the other host
 */
export function rulesAgainst(drops: readonly RuleView[], way: 'out' | 'in', flow: Flow, peer?: string): RuleView[] {
  const hooks = way === 'out' ? ['output', 'postrouting'] : ['input', 'prerouting', 'ingress'];
  const there = drops.filter(({ hook, text }) => (hook === undefined || hooks.includes(hook)) && ofPeer(text, peer));
  const named = there.filter(({ text }) => matches(text, flow));
  return named.length > 0 ? named : there.filter(({ text }) => !/port|-p |protocol|udp|tcp|icmp/.test(text));
}

function matches(text: string, { protocol, port }: Flow): boolean {
  if (port === undefined) return new RegExp(`(-p |protocol |proto )${protocol}\\b|\\besp\\b`).test(text);
  if (protocol === 'udp' ? /\btcp\b/.test(text) : /\budp\b/.test(text)) return false;
  return portsOf(text).some(([low, high]) => low <= port && port <= high);
}

/** The ranges of ports that a rule names. */
function portsOf(text: string): [number, number][] {
  const lists = [...text.matchAll(/(?:--(?:d|s)?ports? |[ds]port )(\{[^}]*\}|[\d:,-]+)/g)].map(
    (match) => match[1] as string,
  );
  return lists.flatMap((list) =>
    [...list.matchAll(/(\d+)(?:\s*[:-]\s*(\d+))?/g)].map(([, low, high]): [number, number] => [
      Number(low),
      Number(high ?? low),
    ]),
  );
}

/** Whether a rule that names addresses names this one. */
function ofPeer(text: string, peer: string | undefined): boolean {
  const named = [...text.matchAll(/(?:-[sd] |[sd]addr )\{?\s*([\d.]+)(?:\/32)?\b(?!\/)/g)].map((match) => match[1]);
  return peer === undefined || named.length === 0 || named.includes(peer);
}
