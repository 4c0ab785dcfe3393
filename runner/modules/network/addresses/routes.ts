import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { ipJson } from './ip-json.ts';
import { numberOf, parseNames } from './route-names.ts';
import type { Named, RouteNames } from './route-names.ts';
import { sections } from '../../shared/sections.ts';

/** A route to one network. What the kernel does not report is absent. */
export interface Route {
  type: string;
  table: string;
  metric: number;
  via?: string;
  dev?: string;
  src?: string;
  mtu?: number;
  scope?: string;
  protocol?: string;
  onlink?: boolean;
  /** Several ways at once, as `ip` prints them. */
  nexthops?: string[];
}

/** The routes to one network. */
export interface Routes {
  /** What `ip` said instead of an answer. */
  trouble?: string;
  list: Route[];
  /** The interface by which packets reach the router; absent where it is not a neighbour. */
  towards?: string;
  /** The interface that the task names is missing. */
  noDevice?: boolean;
  names?: RouteNames;
}

interface IpRoute {
  dst?: string;
  /** Such a route is for some packets only, and another one. */
  tos?: string;
  type?: string;
  gateway?: string;
  via?: { host: string };
  dev?: string;
  table?: string;
  prefsrc?: string;
  metric?: number;
  scope?: string;
  protocol?: string;
  flags?: string[];
  metrics?: { mtu?: number }[];
  nexthops?: { gateway?: string; dev?: string; weight?: number }[];
}

/** What a task says of the route. */
export interface Asked {
  to: string;
  via?: string | undefined;
  dev?: string | undefined;
}

/** All tables are asked, since asking for one that does not exist yet is an error to `ip`; with `via`, the way to it too. */
export function routesProbe(family: '-4' | '-6', { to, via, dev }: Asked, names: Script): Script {
  const towards =
    via !== undefined &&
    sh`\necho @@towards; _t=$(ip -j ${family} route get ${via} ${dev !== undefined && ['oif', dev]} 2>&1)
case $? in 0) echo "$_t";; 2) echo '[]';; 1) case $_t in *'Cannot find device'*) echo '[]';; *) echo "ip route get: $_t" >&2; return 1;; esac;; *) echo "ip route get: $_t" >&2; return 1;; esac`;
  const device = dev !== undefined && sh`\necho @@device; [ -e ${`/sys/class/net/${dev}`} ] || echo missing`;
  // The kernel's refusals, such as that there is no way, are 2.
  return sh`ip -j ${family} route show table all exact ${to} 2>&1${towards}${device}
${names}
true`;
}

/** The routes of a {@link routesProbe}. */
export function parseRoutes(output: string): Routes {
  const text = (output.split(/^@@/m)[0] ?? '').trim();
  if (!text.startsWith('[')) return { trouble: text || 'ip printed nothing', list: [] };
  const found = sections(output);
  const [router] = ipJson<IpRoute>(found.get('towards') ?? '[]');
  return {
    list: ipJson<IpRoute>(text)
      .filter((one) => one.dst && !one.tos)
      .map(route),
    ...(router?.dev && !router.gateway && { towards: router.dev }),
    ...(found.get('device') === 'missing' && { noDevice: true }),
    names: parseNames(found),
  };
}

/** Whether two words name one table, protocol or scope. */
export function sameNumber(
  kind: Named,
  one: string | undefined,
  other: string | undefined,
  { names }: Pick<Routes, 'names'>,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one === other ||
    (numberOf(kind, one, names) !== undefined && numberOf(kind, one, names) === numberOf(kind, other, names))
  );
}

function route(one: IpRoute): Route {
  const via = one.gateway ?? one.via?.host;
  const mtu = one.metrics?.find(({ mtu: found }) => found)?.mtu;
  return {
    type: one.type ?? 'unicast',
    table: one.table ?? 'main',
    metric: one.metric ?? 0,
    // `ip` leaves out what is usual: made by hand, and reachable from anywhere.
    scope: one.scope ?? 'global',
    protocol: one.protocol ?? 'boot',
    onlink: one.flags?.includes('onlink') ?? false,
    ...(via && { via }),
    ...(one.dev && { dev: one.dev }),
    ...(one.prefsrc && { src: one.prefsrc }),
    ...(mtu && { mtu }),
    ...(one.nexthops && { nexthops: one.nexthops.map(nexthop) }),
  };
}

function nexthop({ gateway, dev, weight }: { gateway?: string; dev?: string; weight?: number }): string {
  return [
    'nexthop',
    ...(gateway ? ['via', gateway] : []),
    ...(dev ? ['dev', dev] : []),
    ...(weight ? ['weight', weight] : []),
  ].join(' ');
}

/** A route as `ip route` would print it. */
export function shownRoute(one: Route): string {
  const words = [
    one.type !== 'unicast' && one.type,
    one.via && `via ${one.via}`,
    one.dev && `dev ${one.dev}`,
    one.src && `src ${one.src}`,
    one.metric > 0 && `metric ${one.metric}`,
    one.mtu && `mtu ${one.mtu}`,
    one.scope && one.scope !== 'global' && `scope ${one.scope}`,
    one.protocol && one.protocol !== 'boot' && `proto ${one.protocol}`,
    one.onlink && 'onlink',
    ...(one.nexthops ?? []),
  ];
  return words.filter(Boolean).join(' ');
}
