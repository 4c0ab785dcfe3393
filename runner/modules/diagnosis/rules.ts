import type { Flow } from './flows.ts';
import type { RuleView } from './view.ts';

/** The rules of `iptables-save` that drop or reject, and the policies that do where nothing was let through before. */
export function dropsOfIptables(text: string): RuleView[] {
  let table = '';
  const found: RuleView[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const policy = /^:(\S+) DROP/.exec(line);
    if (policy) found.push({ where: `iptables ${table} ${policy[1]}`, text: `policy DROP` });
    const rule = /^-A (\S+) .*-j (DROP|REJECT)\b/.exec(line);
    if (rule) found.push({ where: `iptables ${table} ${rule[1]}`, text: line.trim() });
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

/** The same of `nft list ruleset`. Tables that iptables keeps there are left out where iptables lists them itself. */
export function dropsOfNft(text: string, iptablesToo: boolean): RuleView[] {
  let table = '';
  let chain = '';
  const found: RuleView[] = [];
  for (const line of text.split('\n')) {
    table = /^table (.+) \{/.exec(line)?.[1] ?? table;
    chain = /^\s+chain (.+) \{/.exec(line)?.[1] ?? chain;
    const where = `nft ${table} ${chain}`;
    if (table.endsWith('xrun_trace') || (iptablesToo && /^ip6? (filter|nat|raw|mangle|security)$/.test(table)))
      continue;
    if (/^\s*type .*policy drop;/.test(line)) found.push({ where, text: 'policy drop' });
    else if (/\b(drop|reject)\b/.test(line)) found.push({ where, text: line.trim() });
  }
  return found;
}

/** The rules that may have dropped a flow: those that name its port or protocol before those that name none. */
export function rulesAgainst(drops: readonly RuleView[], chain: RegExp, flow: Flow, peer?: string): RuleView[] {
  const there = drops.filter(({ where }) => chain.test(where));
  const named = there.filter(({ text }) => matches(text, flow) && ofPeer(text, peer));
  return named.length > 0
    ? named
    : there.filter(({ text }) => !/port|-p |protocol|udp|tcp|icmp/.test(text) && ofPeer(text, peer));
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
