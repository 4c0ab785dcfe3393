import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { parseChain } from './nft-chain.ts';
import type { NftChain } from './nft-chain.ts';
import { sections } from '../../shared/sections.ts';

/** Names a chain: family, table, chain. */
export type ChainName = readonly [family: string, table: string, chain: string];

/** What a host says of a chain and of a rule that is wanted in it. */
export interface NftState {
  /** What nft said instead of an answer. */
  trouble?: string;
  /** How many sets, chains and other things the table holds; undefined where the table does not exist. */
  things?: number;
  chain?: NftChain;
  /** The wanted rule as nft itself would print it. */
  wanted?: string;
  /** Why nft does not take the wanted rule. */
  refused?: string;
}

/** Makes the interfaces that a text names, of whatever kind the kernel has, and lets nft print a chain. */
const SCRATCH = `for i in $interfaces; do
  ip link add "$i" type dummy || ip link add "$i" type bridge || ip tuntap add dev "$i" mode tap
done 2>/dev/null
nft -f - && nft -s list chain "$@"`;

/**
 * Reads the chain. nft has many spellings for one rule and no question for a single one: so it is asked how it would
 * print the wanted rule, in a network namespace of its own that is gone a moment later, first alone, then, for rules
 * that name sets, other chains or interfaces, with a copy of the host's table and interfaces of the same names. Whether
 * the host takes a rule that is not there yet is asked by `nft -c`, which changes nothing.
 */
export function probeChain(name: ChainName, rule: string | undefined): Script {
  const [family, table, chain] = name;
  const lines = [
    `add table ${family} ${table}`,
    `add chain ${name.join(' ')}`,
    `add rule ${name.join(' ')} ${rule}`,
  ].join('\n');
  const asking = sh`rule=${`${lines}\n`}
scratch() { unshare -n env interfaces="$interfaces" sh -c ${SCRATCH} sh ${name} 2>/dev/null; }
interfaces=
w=$(printf %s "$rule" | scratch) || {
  t=$(nft -s list table ${family} ${table} 2>/dev/null; printf %s "$rule")
  for d in /sys/class/net/*; do d=\${d##*/}; case $t in *"$d"*) [ "$d" = lo ] || interfaces="$interfaces $d" ;; esac; done
  w=$(printf '%s\\n' "$t" | scratch)
} && { echo @@wanted; printf '%s\\n' "$w"; }
last=$(printf '%s\\n' "$w" | sed -n 's/^		//p' | tail -n 1)
[ -n "$last" ] && printf '%s\\n' "$c" | grep -qF -e "		$last # handle" || { echo @@refused; printf %s "$rule" | nft -c -f - 2>&1 && echo @@taken; }`;
  return sh`c=$(nft -s -a list chain ${family} ${table} ${chain} 2>&1); echo @@chain; printf '%s\\n' "$c"
echo @@table; if t=$(nft -s list table ${family} ${table} 2>/dev/null); then printf '%s\\n' "$t" | grep -c '^	[a-z].* {'; fi
${rule !== undefined && asking}
true`;
}

/** What {@link probeChain} printed. */
export function parseNft(stdout: string): NftState {
  const found = sections(stdout);
  const answer = found.get('chain') ?? '';
  const chain = parseChain(answer);
  const missing = /No such file or directory/.test(answer);
  if (chain && !/^\s*}\s*$/m.test(answer))
    throw new Error(`nft printed no whole chain; it ends in: ${JSON.stringify(answer.slice(-60))}`);
  if (!chain && !missing) return { trouble: answer.split('\n')[0] || 'nothing' };
  const things = found.get('table');
  const wanted = parseChain(found.get('wanted') ?? '')?.rules.at(-1)?.text;
  const refused = found.has('taken')
    ? undefined
    : found
        .get('refused')
        ?.split('\n')[0]
        ?.replace(/^\/dev\/stdin:\S+ /, '');
  return {
    ...(things && { things: Number(things) }),
    ...(chain && { chain }),
    ...(wanted !== undefined && { wanted }),
    ...(refused !== undefined && { refused }),
  };
}
