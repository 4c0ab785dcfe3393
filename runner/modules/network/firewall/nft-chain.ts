/** A rule as `nft -s -a list chain` prints it, without its counters. */
export interface NftRule {
  text: string;
  handle: string;
}

/** What makes a chain a base chain. */
export interface NftHook {
  type: string;
  hook: string;
  priority: string;
  policy: string;
}

export interface NftChain {
  /** Absent for a chain that others jump to. */
  hook?: NftHook;
  rules: NftRule[];
}

/** A chain as `nft -s -a list chain` prints it; undefined where that is something else. */
export function parseChain(listing: string): NftChain | undefined {
  const lines = listing.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => /^chain \S+ \{/.test(line));
  if (start < 0) return undefined;
  const chain: NftChain = { rules: [] };
  for (const line of lines.slice(start + 1)) {
    if (line === '}') break;
    const base = /^type (\S+) hook (\S+)(?: devices? .*?)? priority ([^;]+);(?: policy (\w+);)?/.exec(line);
    if (base) chain.hook = { type: base[1]!, hook: base[2]!, priority: base[3]!.trim(), policy: base[4] ?? 'accept' };
    else if (line && !/^(comment|flags) /.test(line))
      chain.rules.push({ text: line.replace(/\s*# handle \d+$/, ''), handle: /# handle (\d+)$/.exec(line)?.[1] ?? '' });
  }
  return chain;
}

/** One spelling for a rule's text, where nft itself could not be asked for its own. */
export function plainRule(text: string): string {
  return text
    .replace(/"(\w+)"/g, '$1')
    .replace(/\s*([{},])\s*/g, ' $1 ')
    .replace(/ , /g, ', ')
    .replace(/(\w), (?![^{]*\})/g, '$1,')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The remark at a rule's end. */
export function commentOf(text: string): string | undefined {
  return /comment "([^"]*)"$/.exec(text)?.[1];
}

/** Names of priorities: nft(8), "Standard priority names". */
const PRIORITIES: Record<string, number> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};
const BRIDGE: Record<string, number> = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };

/** A priority as a number: `filter`, `filter - 5`, `-5`; NaN for what is none. */
export function priorityOf(text: string, family: string): number {
  const [, name, sign, offset] = /^([a-z]*)\s*(?:([+-]?)\s*(\d+))?$/.exec(text.trim()) ?? [];
  if (name === undefined) return Number.NaN;
  const base = name === '' ? 0 : ((family === 'bridge' ? BRIDGE : PRIORITIES)[name] ?? Number.NaN);
  return base + (sign === '-' ? -1 : 1) * Number(offset ?? 0);
}
