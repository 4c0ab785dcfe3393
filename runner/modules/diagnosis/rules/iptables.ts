import { placed, unquoted } from './rule.ts';
import type { Chains, RuleView } from './rule.ts';

/** Chains that packets come to by themselves. */
const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/**
 * The rules of `iptables-save` that drop or reject, and the policies that do.
 *
 * @param kind `iptables` or `ip6tables`
 * @param sets what `ipset save` prints
 */
export function dropsOfIptables(text: string, kind = 'iptables', sets = ''): RuleView[] {
  const elements = ipsets(sets);
  const chains: Chains = { hooks: new Map(), jumps: [], drops: [] };
  for (const { table, line } of linesOf(text)) {
    const [, declared, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (declared && BUILT_IN.test(declared)) chains.hooks.set(`${table} ${declared}`, declared.toLowerCase());
    if (policy === 'DROP') chains.drops.push({ chain: `${table} ${declared}`, text: 'policy DROP' });
    const [, chain, target] = /^-A (\S+)(?: .*)? -[jg] (\S+)/.exec(unquoted(line)) ?? [];
    if (target === 'DROP' || target === 'REJECT')
      chains.drops.push({ chain: `${table} ${chain}`, text: line.trim(), ...meaning(line, elements) });
    else if (target) chains.jumps.push([`${table} ${chain}`, `${table} ${target}`]);
  }
  // A text that was cut, or comes from elsewhere, may have rules without the line that declares their chain.
  for (const { chain } of chains.drops) {
    const built = chain.split(' ').at(-1)!;
    if (BUILT_IN.test(built)) chains.hooks.set(chain, built.toLowerCase());
  }
  return placed(kind, chains);
}

/** The chains of `iptables-save`, with their tables. */
export function chainsOfIptables(text: string): string[] {
  return linesOf(text).flatMap(({ table, line }) => {
    const chain = /^:(\S+) /.exec(line)?.[1];
    return chain ? [`${table} ${chain}`] : [];
  });
}

function linesOf(text: string): { table: string; line: string }[] {
  let table = '';
  return text.split('\n').map((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    return { table, line };
  });
}

/** Elements by set of `ipset save`: lines `add NAME ELEMENT ...`. */
function ipsets(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, element] of text.matchAll(/^add (\S+) (\S+)/gm))
    found.set(name!, [...(found.get(name!) ?? []), element!]);
  return found;
}

/** `-m set --match-set NAME src`, as it would be written without a set: addresses, or ports (`udp:4789`). */
function meaning(line: string, sets: ReadonlyMap<string, string[]>): { means?: string } {
  const means = line.replaceAll(/-m set --match-set (\S+) (\S+)/g, (written, name: string, ways: string) => {
    const elements = sets.get(name);
    if (!elements) return written;
    const [first] = ways.split(',');
    const ports = elements.flatMap((one) => /^(?:\w+:)?(\d+(?:-\d+)?)$/.exec(one)?.[1] ?? []);
    return ports.length > 0
      ? `--${first === 'src' ? 's' : 'd'}ports ${ports.join(',')}`
      : `-${first === 'src' ? 's' : 'd'} ${elements.map((one) => one.split(',')[0]).join(',')}`;
  });
  return means === line ? {} : { means };
}
