import { placed, unquoted } from './rule.ts';
import type { Chains, RuleView } from './rule.ts';

/** Tables that iptables keeps in nftables. */
const OF_IPTABLES = /^ip6? (filter|nat|raw|mangle|security)$/;

/**
 * The rules of `nft list ruleset` that drop or reject, and the policies that do.
 *
 * @param iptablesToo whether iptables lists its own tables: they are left out here
 */
export function dropsOfNft(text: string, iptablesToo: boolean): RuleView[] {
  const chains: Chains = { hooks: new Map(), jumps: [], drops: [] };
  const sets = setsOf(text);
  let table = '';
  let chain = '';
  for (const line of statements(text)) {
    table = /^table (.+) \{$/.exec(line)?.[1] ?? table;
    const begun = /^\s+(chain|set|map|flowtable) (\S+) \{/.exec(line);
    if (begun) chain = begun[1] === 'chain' ? `${table} ${begun[2]}` : '';
    if (begun || chain === '' || (iptablesToo && OF_IPTABLES.test(table))) continue;
    const hook = /^\s+type \S+ hook (\S+)/.exec(line)?.[1];
    if (hook) chains.hooks.set(chain, hook);
    if (hook && line.includes('policy drop;')) chains.drops.push({ chain, text: 'policy drop' });
    if (!hook) rule(line, chain, table, sets, chains);
  }
  return placed('nft', chains);
}

function rule(line: string, chain: string, table: string, sets: ReadonlyMap<string, string>, into: Chains): void {
  const plain = unquoted(line);
  for (const [, target] of plain.matchAll(/\b(?:jump|goto) ([^\s,}]+)/g))
    into.jumps.push([chain, `${table} ${target}`]);
  if (!/\b(drop|reject)\b/.test(plain)) return;
  // Of a verdict map, what drops is meant.
  const means = plain
    .replaceAll(/ vmap \{([^}]*)\}/g, (_all, pairs: string) => ` { ${dropped(pairs).join(', ')} } drop`)
    .replaceAll(/@(\S+)/g, (name, key: string) => sets.get(`${table} ${key}`) ?? name);
  into.drops.push({ chain, text: line.trim(), ...(means !== line && { means: means.trim() }) });
}

function dropped(pairs: string): string[] {
  return pairs.split(',').flatMap((pair) => /^\s*(.*?)\s*:\s*(?:drop|reject)/.exec(pair)?.[1] ?? []);
}

/** Lines, each with those that its open braces go on in: sets and verdict maps are broken into several. */
function statements(text: string): string[] {
  const found: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    open = open === '' ? line : `${open} ${line.trim()}`;
    if (open.endsWith(',') && count(open, '{') > count(open, '}')) continue;
    found.push(open);
    open = '';
  }
  return [...found, ...(open === '' ? [] : [open])];
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** Elements in braces by `TABLE SET`. */
function setsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let table = '';
  let set = '';
  for (const line of statements(text)) {
    table = /^table (.+) \{$/.exec(line)?.[1] ?? table;
    set = /^\s+(?:set|map) (\S+) \{/.exec(line)?.[1] ?? set;
    const elements = /^\s+elements = (\{.*\})/.exec(line)?.[1];
    if (elements) found.set(`${table} ${set}`, elements);
  }
  return found;
}
