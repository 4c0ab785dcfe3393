import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';

/** What iproute2 has names for. */
export type Named = 'table' | 'protocol' | 'scope';

/** Numbers by name. */
export type RouteNames = Record<Named, Record<string, string>>;

/** The names that iproute2 has without its files: lib/rt_names.c. */
const BUILT_IN: RouteNames = {
  table: { unspec: '0', default: '253', main: '254', local: '255' },
  protocol: {
    unspec: '0',
    none: '0',
    redirect: '1',
    kernel: '2',
    boot: '3',
    static: '4',
    gated: '8',
    ra: '9',
    mrt: '10',
    zebra: '11',
    bird: '12',
    dnrouted: '13',
    xorp: '14',
    ntk: '15',
    dhcp: '16',
    keepalived: '18',
    babel: '42',
    openr: '99',
    bgp: '186',
    isis: '187',
    ospf: '188',
    rip: '189',
    eigrp: '192',
  },
  scope: { global: '0', universe: '0', site: '200', link: '253', host: '254', nowhere: '255' },
};

const FILES: Record<Named, string> = { table: 'rt_tables', protocol: 'rt_protos', scope: 'rt_scopes' };

/** Prints the host's own names of those that are wanted and that are not the same on every host. */
export function namesProbe(wanted: Partial<Record<Named, string | undefined>>): Script {
  const asked = (Object.keys(FILES) as Named[]).filter(
    (kind) => wanted[kind] !== undefined && isLocal(kind, wanted[kind]),
  );
  // The files of the administrator come last, and win.
  const one = (kind: Named) =>
    sh`echo ${`@@names ${kind}`}
for _f in /usr/lib/iproute2/${FILES[kind]} /usr/share/iproute2/${FILES[kind]} /etc/iproute2/${FILES[kind]} /etc/iproute2/${FILES[kind]}.d/*.conf; do
  [ ! -f "$_f" ] || while read -r _l || [ "$_l" ]; do printf '%s\\n' "$_l"; done <"$_f" || return
done`.text;
  return { text: asked.map(one).join('\n') };
}

/** Whether a name or number may be called something else on one host than on another. */
function isLocal(kind: Named, word: string): boolean {
  const known = BUILT_IN[kind];
  return !(word in known) && !Object.values(known).includes(numbered(word) ?? '');
}

/** The names that a {@link namesProbe} printed, from the sections of its output. */
export function parseNames(found: ReadonlyMap<string, string>): RouteNames {
  const of = (kind: Named) => {
    const lines = [...(found.get(`names ${kind}`) ?? '').matchAll(/^\s*(0x[0-9a-f]+|\d+)\s+([^\s#]+)/gim)];
    return {
      ...BUILT_IN[kind],
      ...Object.fromEntries(lines.map(([, number, name]) => [name, numbered(number!)])),
    } as Record<string, string>;
  };
  return { table: of('table'), protocol: of('protocol'), scope: of('scope') };
}

const numbered = (word: string) => (/^(0x[0-9a-f]+|\d+)$/i.test(word) ? String(Number(word)) : undefined);

/** The number of a table, protocol or scope, given by name or number; undefined for a name that the host does not know. */
export function numberOf(kind: Named, word: string, names: RouteNames = BUILT_IN): string | undefined {
  const known = names[kind];
  return numbered(word) ?? (Object.hasOwn(known, word) ? known[word] : undefined);
}
