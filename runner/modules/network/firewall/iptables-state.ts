import { raw, sh, tame } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { command, isRule } from './iptables-args.ts';
import type { IptablesArgs } from './iptables-args.ts';
import { ruleLine, ruleWords } from './iptables-rule.ts';
import { sections } from '../../shared/sections.ts';

/** What a host says of a chain and of a rule. */
export interface IptablesState {
  /** What iptables said instead of an answer. */
  trouble?: string;
  /** Why iptables does not take the rule. */
  refused?: string;
  /** Whether the chain exists. */
  chain: boolean;
  /** nft made something in the table that iptables has no words for: of a chain only `-C` answers then. */
  unread?: boolean;
  policy?: string;
  /** `iptables -S` of the chain. */
  rules: string[];
  /** What `iptables -C` says of the rule, which knows every way to write the same. */
  found: boolean;
  /** The rule as iptables prints it, where it is there, or is to have a place, and the task writes it in another way. */
  printed?: string;
  /** Rules of other chains that lead to this one, where it is to be removed. */
  users?: string[];
}

/** Reads the chain, and asks iptables whether it has the rule. */
export function probeIptables(args: IptablesArgs): Script {
  // Of a chain that is not there nft's iptables says what it says of one it cannot read; of the table it distinguishes them.
  return tame(sh`echo @@rules
_s=$(${command(args)} -S ${args.chain} 2>&1; _r=$?; echo .; exit $_r) && _w=y || { _w=; [ $? -gt 1 ] && echo @@broken; ${command(args)} -S 2>&1 >/dev/null; }
case $_w:$_s in y:*'\n.'|:[!-]*) ;; *) echo @@broken; echo "iptables printed only a part of the chain's rules" ;; esac
_s=\${_s%.}; _k=; [ -z "$_w" ] || { ${complete(args)}; }
printf '%s\\n' "$_s"
${isRule(args) ? checking(args) : args.state === 'absent' && sh`[ -z "$_w" ] || { echo @@users; [ "$_k" ] && _u=$_k || _u=$(${command(args)} -S) || return; printf '%s\\n' "$_u" | while read -r _l; do case "$_l " in "-A "*" -"[jg]" "${args.chain}" "*) printf '%s\\n' "$_l";; esac; done; }`}
true`);
}

/**
 * Compares the number of `$_s`'s rules with what iptables-save prints, `$_k`, where the host has it: only that has a last
 * line, COMMIT. The chain may have changed in between; then both are asked again.
 */
function complete(args: IptablesArgs): Script {
  const { chain, table } = args;
  const [program] = command(args) as [string, ...string[]];
  const count = (what: string) => sh`$(printf '%s\\n' "$${raw(what)}" | grep -c -e ${`^-A ${chain} `} || [ $? = 1 ])`;
  return sh`if command -v ${`${program}-save`} >/dev/null; then _i=0
while :; do
_k=$(${`${program}-save`} -t ${table}) || return
case $_k in *COMMIT*) ;; *) echo ${`${program}-save printed only a part of the table ${table}`} >&2; return 1 ;; esac
_a=${count('_k')} && _b=${count('_s')} || return; [ "$_a" != "$_b" ] || break
_i=$((_i+1)); [ $_i -lt 4 ] || { echo ${`${program} -S printed only a part of the chain ${chain}`} >&2; return 1; }
_s=$(${command(args)} -S ${chain}) || return; done; fi`;
}

/**
 * Asks for the rule. One that is there in another spelling, or is to have a place, is added to a network namespace of its own, which is gone a
 * moment later, and is printed by iptables itself, with the host's chains to jump to.
 */
function checking(args: IptablesArgs): Script {
  const chain = [args.chain, ruleWords(args)].flat();
  const own = command(args).join(' ');
  const scratch = `for _n; do ${own} -N "$_n"; done 2>/dev/null; ${own} -N ${args.chain} 2>/dev/null
${sh`${command(args)} -A ${chain} && ${command(args)} -S ${args.chain}`.text}`;
  return sh`echo @@check; _c=$(${command(args)} -C ${chain} 2>&1); _r=$?; echo "$_c"; echo @@status; echo $_r
[ $_r != 0 ] || echo @@found
if [ $_r = 0 ]${args.rule_num !== undefined && raw(' || [ $_r = 1 ]')}; then
printf '%s\\n' "$_s" | grep -qxF -e ${ruleLine(args.chain, ruleWords(args))} || {
echo @@printed; unshare -n sh -c ${scratch} sh $(${command(args)} -S | sed -n 's/^-N //p') 2>/dev/null | grep '^-A'
}; fi`;
}

/** What a {@link probeIptables} printed. */
export function parseIptables({ stdout }: { stdout: string }): IptablesState {
  const found = sections(stdout);
  const answer = found.get('broken') ?? found.get('rules') ?? '';
  // Of the tables of the other backend nft's iptables warns in a comment.
  const lines = answer.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  const policy = /^-P \S+ (\S+)/m.exec(answer)?.[1];
  const unread = lines.some((line) => /: table \S+ is incompatible/.test(line));
  const chain = unread || lines.some((line) => /^-[PN] /.test(line));
  const check = found.get('check') ?? '';
  const missing = /No chain|incompatible|does not exist/.test(answer);
  const broken = found.has('broken') || (!chain && !missing);
  // A missing rule is status 1; what is wrong with its words is 2, in every version.
  const status = Number(
    found.get('status') || (/unknown option|Couldn't load|invalid|Bad argument/.test(check) ? 2 : 0),
  );
  const printed = found.get('printed')?.split('\n').filter(Boolean) ?? [];
  const users = found.get('users')?.split('\n').filter(Boolean);
  return {
    chain,
    rules: lines.filter((line) => line.startsWith('-A')),
    found: found.has('found'),
    ...(unread && { unread }),
    ...(policy && { policy }),
    ...(broken && { trouble: lines[0] ?? 'nothing' }),
    ...(!broken && status > 1 && { refused: check || `exit status ${status}` }),
    ...(printed.length === 1 && { printed: printed[0]! }),
    ...(users && users.length > 0 && { users }),
  };
}
