import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { sections } from '../../shared/sections.ts';

/** A route as `ip -4 route` prints it. */
export interface RouteLine {
  /** `blackhole` and the like; empty for one that leads somewhere. */
  type: string;
  to: string;
  dev?: string;
  via?: string;
  protocol?: string;
}

/** The rules of one table by one program, as `iptables -S` prints them. */
export interface Table {
  program: string;
  table: string;
  lines: string[];
}

/** What a host has of the kinds that a network's programs leave behind. */
export interface Found {
  links: string[];
  /** Links that have addresses. */
  addressed: string[];
  routes: RouteLine[];
  tables: Table[];
  nftTables: string[];
  sets: string[];
  paths: string[];
}

/** What is to be asked. */
export interface Asked {
  programs: readonly string[];
  within: string | undefined;
  paths: readonly string[];
}

/**
 * Reads all of it. A program that the host lacks has left nothing; of iptables' other backends a table that cannot be read is one
 * that this kernel does not have.
 */
export function probeLeftovers({ programs, within, paths }: Asked): Script {
  return sh`${raw(`part() { _t=$1; shift; _o=$("$@") || exit; printf '@@%s\\n%s\\n' "$_t" "$_o"; }`)}
! command -v ip >/dev/null 2>&1 || { part links ip -o link; part addresses ip -o -4 address; ${within !== undefined && sh`part routes ip -4 route show root ${within};`} }
for p in ${programs}; do command -v "$p" >/dev/null 2>&1 || continue
for t in raw mangle nat filter; do
if o=$("$p" -w -t "$t" -S 2>/dev/null); then printf '@@rules %s %s\\n%s\\n' "$p" "$t" "$o"; elif [ "$p" = iptables ]; then "$p" -w -t "$t" -S >/dev/null; exit 1; fi
done; done
! command -v nft >/dev/null 2>&1 || part nft nft list tables
! command -v ipset >/dev/null 2>&1 || part sets ipset list -n
echo @@paths; for f in ${paths}; do [ ! -e "$f" ] || printf '%s\\n' "$f"; done
echo @@end; echo .`;
}

/** What {@link probeLeftovers} printed. Throws a plain Error where its end is missing. */
export function parseLeftovers(stdout: string): Found {
  const parts = sections(stdout);
  if (parts.get('end') !== '.') throw new Error('the report of what the host has is incomplete');
  const lines = (title: string) => (parts.get(title) ?? '').split('\n').filter(Boolean);
  const named = (title: string, pattern: RegExp) => lines(title).flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return {
    links: named('links', /^\d+: ([^:@\s]+)[:@]/),
    addressed: named('addresses', /^\d+: (\S+)/),
    routes: lines('routes').map(routeOf),
    tables: [...parts.keys()].flatMap((title) => {
      const [kind, program, table] = title.split(' ');
      return kind === 'rules' && program && table ? [{ program, table, lines: lines(title) }] : [];
    }),
    nftTables: named('nft', /^table (.*)$/),
    sets: lines('sets'),
    paths: lines('paths'),
  };
}

function routeOf(line: string): RouteLine {
  const [, type = '', to = ''] = /^((?:blackhole|unreachable|prohibit|throw) )?(\S+)/.exec(line) ?? [];
  const after = (word: string) => new RegExp(` ${word} (\\S+)`).exec(line)?.[1];
  const [dev, via, protocol] = [after('dev'), after('via'), after('proto')];
  return { type: type.trim(), to, ...(dev && { dev }), ...(via && { via }), ...(protocol && { protocol }) };
}
