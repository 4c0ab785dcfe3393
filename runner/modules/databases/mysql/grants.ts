/** Privileges by what they are on: `shop.*`, each as the server writes it; `GRANT` is the option to pass them on. */
export type Grants = Record<string, string[]>;

/** Privileges as tasks write them: `shop.*:ALL/mysql.user:SELECT`, or a mapping. Throws an Error for what is neither. */
export function grantsOf(priv: string | Record<string, string>): Grants {
  const pairs = typeof priv === 'string' ? split(priv).map(pairOf) : Object.entries(priv);
  const found: Grants = {};
  for (const [on, list] of pairs) found[plainTarget(on)] = privileges(list);
  return found;
}

function pairOf(part: string): [string, string] {
  const colon = part.lastIndexOf(':');
  if (colon < 1) throw new Error(`expected privileges such as shop.*:ALL, found ${part}`);
  return [part.slice(0, colon), part.slice(colon + 1)];
}

/** At slashes that are not within backquotes. */
const split = (text: string) => text.match(/(?:`[^`]*`|[^/`])+/g) ?? [];

/** `shop.*`, without backquotes; what has no dot is a database. */
function plainTarget(on: string): string {
  const plain = on.trim().replaceAll('`', '');
  return plain.includes('.') ? plain : `${plain}.*`;
}

/** A list such as `SELECT, INSERT (b, a)`: in capitals, columns in order. */
function privileges(list: string): string[] {
  const words = list.match(/(?:\([^)]*\)|[^,(])+/g) ?? [];
  const all = words.map((one) => plainPrivilege(one)).filter((one) => one !== 'USAGE' && one !== '');
  return [...new Set(all)].sort();
}

function plainPrivilege(word: string): string {
  const [, name = '', columns] = /^\s*([^(]*?)\s*(?:\(([^)]*)\))?\s*$/s.exec(word) ?? [];
  const upper = name.toUpperCase().replace(/\s+/g, ' ');
  const privilege = ALIASES[upper] ?? upper;
  if (columns === undefined) return privilege;
  const list = columns.split(',').map((one) => one.trim().replaceAll('`', ''));
  return `${privilege} (${list.sort().join(', ')})`;
}

/** Several words for the same. */
const ALIASES: Record<string, string> = {
  'ALL PRIVILEGES': 'ALL',
  'GRANT OPTION': 'GRANT',
  'BINLOG MONITOR': 'REPLICATION CLIENT',
  'REPLICA MONITOR': 'SLAVE MONITOR',
  'REPLICATION REPLICA': 'REPLICATION SLAVE',
  CREATE_TEMPORARY_TABLES: 'CREATE TEMPORARY TABLES',
};

/** What SHOW GRANTS prints. Lines of roles and proxies concern no privileges. */
export function shownGrants(lines: readonly string[]): Grants {
  const found: Grants = {};
  for (const line of lines) {
    const [, list = '', on, rest = ''] =
      /^GRANT (.+) ON (?:TABLE |FUNCTION |PROCEDURE )?((?:`(?:[^`]|``)*`|\*)\.(?:`(?:[^`]|``)*`|\*)) TO (.*)$/s.exec(
        line,
      ) ?? [];
    if (on === undefined) continue;
    const all = [...privileges(list), ...(/ WITH .*GRANT OPTION/.test(rest) ? ['GRANT'] : [])];
    const target = on.replaceAll('`', '');
    found[target] = [...new Set([...(found[target] ?? []), ...all])].sort();
  }
  return found;
}

/** Which are to be granted and revoked so that `found` becomes `wanted`: that exactly, or that more or less. */
export function grantChanges(
  found: Grants,
  wanted: Grants,
  how: 'exactly' | 'append' | 'subtract',
): { grant: Grants; revoke: Grants } {
  const grant: Grants = {};
  const revoke: Grants = {};
  for (const on of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
    const now = found[on] ?? [];
    const list = wanted[on] ?? [];
    if (how === 'subtract') revoke[on] = list.filter((one) => now.includes(one) || (one === 'ALL' && now.length > 0));
    else if (how === 'append') grant[on] = list.filter((one) => !covers(now, one));
    else {
      // What is within ALL goes with it.
      revoke[on] = now.filter((one) => !covers(list, one));
      grant[on] = list.filter((one) => !now.includes(one));
    }
  }
  return { grant: filled(grant), revoke: filled(revoke) };
}

const covers = (list: readonly string[], one: string) =>
  list.includes(one) || (one !== 'GRANT' && list.includes('ALL'));

const filled = (grants: Grants): Grants =>
  Object.fromEntries(Object.entries(grants).filter(([, list]) => list.length > 0));
