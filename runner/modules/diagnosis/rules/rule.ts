/** A rule that drops or rejects, or a policy that does. */
export interface RuleView {
  /** `iptables filter INPUT`, `nft inet fw in`. */
  where: string;
  /** Where packets come to its chain, `input`, `output` ..., by itself or by chains that lead to it; absent where that is not known. */
  hooks?: string[];
  /** In words of the program that lists it. */
  text: string;
  /** The same with the elements of the sets that it names, where it names some. */
  means?: string;
}

/** What of a firewall's text decides where its rules are met. */
export interface Chains {
  /** The hook of a base chain, by the chain's name with its table. */
  hooks: Map<string, string>;
  /** Which chain leads to which. */
  jumps: [from: string, to: string][];
  drops: { chain: string; text: string; means?: string }[];
}

/** The rules with the hooks from which packets come to them. A chain that no hook leads to has none, and drops nothing. */
export function placed(kind: string, { hooks, jumps, drops }: Chains): RuleView[] {
  const met = new Map([...hooks].map(([chain, hook]): [string, Set<string>] => [chain, new Set([hook])]));
  // A set is walked with what is added to it on the way: each chain is met with each hook once.
  const ahead = new Set([...hooks.keys()]);
  for (const chain of ahead) {
    for (const [, to] of jumps.filter(([from]) => from === chain)) {
      const known = met.get(to) ?? new Set<string>();
      const more = [...met.get(chain)!].filter((hook) => !known.has(hook));
      if (more.length === 0) continue;
      met.set(to, new Set([...known, ...more]));
      ahead.delete(to);
      ahead.add(to);
    }
  }
  return drops.map(({ chain, ...rule }) => ({
    where: `${kind} ${chain}`,
    hooks: [...(met.get(chain) ?? [])],
    ...rule,
  }));
}

/** A rule's text without what people wrote into it: comments and prefixes of the log. */
export function unquoted(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}
