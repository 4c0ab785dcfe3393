import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { linesOf } from '../shared/program.ts';

/** Rules by family of addresses, each as ufw keeps it: `allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in`. */
export interface Rules {
  4?: string[];
  6?: string[];
}

export const FAMILIES = [4, 6] as const;

/** What ufw is set to, and which rules the task would leave. */
export interface State {
  /** It filters now. */
  active: boolean;
  /** It will after a boot, too. */
  enabled: boolean;
  /** `off`, `low`, ... */
  logging: string;
  /** Default policies by direction, as ufw's commands name them. */
  policies: Record<string, string>;
  rules: Required<Rules>;
  /** What `ufw --dry-run` says the rules would be; a family that it would not write is lacking. */
  after: Rules;
  /** Why ufw refuses the rule. */
  error?: string;
}

const POLICIES: Record<string, string> = { ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject' };
const DIRECTIONS = { incoming: 'INPUT', outgoing: 'OUTPUT', routed: 'FORWARD' };
const WRITES = /^:ufw(6?)-user-input /;
const TUPLE = '### tuple ### ';

/** Reads the settings, the rules that are kept, and what `rule`, the words of ufw's command, would make of these; it writes nothing. */
export function probeUfw(rule: readonly string[] | undefined): Script {
  return sh`o=$(ufw status) || { echo "$o" >&2; exit 1; }; printf 'status %s\\n' "$(echo "$o" | head -n 1)"
for f in /etc/ufw/ufw.conf /etc/default/ufw; do [ ! -f $f ] || sed -n 's/^\\(ENABLED\\|LOGLEVEL\\|DEFAULT_[A-Z]*_POLICY\\)=/set \\1=/p' $f || exit; done
for d in /etc/ufw /lib/ufw; do [ -f $d/user.rules ] || continue; for f in user user6; do [ -f $d/$f.rules ] || continue; echo "rules $f"; sed -n 's/^${raw(TUPLE)}/rule /p' $d/$f.rules || exit; done; break; done
${
  rule &&
  sh`echo dry; o=$(${argv('ufw', '--dry-run', rule)} 2>&1) || printf 'failed %s\\n' "$(printf '%s\\n' "$o" | grep -m 1 '^ERROR' || printf '%s\\n' "$o" | head -n 1)"
printf '%s\\n' "$o" | sed -n '/^:ufw6*-user-input /p; /^### tuple/p'`
}`;
}

/** What {@link probeUfw} printed. */
export function parseUfw(stdout: string): State {
  const lines = linesOf(stdout);
  const found = (start: string) => lines.find((line) => line.startsWith(start))?.slice(start.length);
  const setting = (name: string) =>
    found(`set ${name}=`)
      ?.replace(/^(["'])(.*)\1$/, '$2')
      .trim();
  const status = found('status ');
  if (!/^Status: (in)?active$/.test(status ?? '')) throw new Error(`ufw did not say whether it is active: ${status}`);
  const at = lines.indexOf('dry');
  const failed = found('failed ');
  return {
    active: status === 'Status: active',
    enabled: setting('ENABLED') === 'yes',
    logging: setting('LOGLEVEL') ?? 'off',
    policies: Object.fromEntries(
      Object.entries(DIRECTIONS).map(([way, chain]) => {
        const policy = setting(`DEFAULT_${chain}_POLICY`) ?? '';
        return [way, POLICIES[policy] ?? policy];
      }),
    ),
    rules: keptRules(at < 0 ? lines : lines.slice(0, at)),
    after: at < 0 ? {} : dryRules(lines.slice(at + 1)),
    ...(failed !== undefined && { error: failed.trim() }),
  };
}

function keptRules(lines: readonly string[]): Required<Rules> {
  const rules: Required<Rules> = { 4: [], 6: [] };
  let family: 4 | 6 = 4;
  for (const line of lines) {
    if (line.startsWith('rules ')) family = line === 'rules user6' ? 6 : 4;
    else if (line.startsWith('rule ')) rules[family].push(line.slice('rule '.length));
  }
  return rules;
}

function dryRules(lines: readonly string[]): Rules {
  const rules: Rules = {};
  let family: 4 | 6 = 4;
  for (const line of lines) {
    const [title, six] = WRITES.exec(line) ?? [];
    if (title !== undefined) rules[(family = six === '6' ? 6 : 4)] = [];
    else if (line.startsWith(TUPLE)) rules[family]?.push(line.slice(TUPLE.length));
  }
  return rules;
}
