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
}
_r=$?; last=
case $_r in
0) whole "$w" || exit; echo @@wanted; printf '%s\\n' "$w"; last=\${w%"$nl	}$nl}"}; last=\${last##*"$nl		"} ;;
127) ;; *) [ $_r -lt 125 ] || { echo "unshare ended with $_r" >&2; exit 1; } ;; esac
case $last:$c in :*) false ;; *"		$last # handle"*) ;; *) false ;; esac || {
echo @@refused; printf %s "$rule" | nft -c -f - 2>&1; case $? in 0) echo @@taken ;; 1) ;; *) echo 'nft gave no answer' >&2; exit 1 ;; esac; }`;
  return sh`nl='
'
whole() { case $1 in *"$nl}") ;; *) echo 'nft printed only a part of a table' >&2; return 1 ;; esac; }
c=$(nft -s -a list chain ${family} ${table} ${chain} 2>&1); echo @@chain; printf '%s\\n' "$c"
echo @@table; if t=$(nft -s list table ${family} ${table} 2>/dev/null); then whole "$t" || exit
printf '%s\\n' "$t" | { n=0; while IFS= read -r l; do case $l in '	'[a-z]*' {'*) n=$((n+1)) ;; esac; done; echo $n; }; fi
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
