import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { sections } from './sections.ts';

/** A route to one network. What the kernel does not tell is not there. */
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
}

/** The routes to one network. */
export interface Routes {
  /** What `ip` said instead of an answer. */
  trouble?: string;
  list: Route[];
  /** The interface by which packets reach the router; not there where it is no neighbour. */
  towards?: string;
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
}

/** All tables are asked, since asking for one that does not exist yet is an error to `ip`; with `via`, the way to it too. */
export function routesProbe(family: '-4' | '-6', to: string, via?: string): Script {
  return sh`ip -j ${family} route show table all exact ${to} 2>&1${via !== undefined && sh`; echo @@towards; ip -j ${family} route get ${via} 2>/dev/null`}; true`;
}

/** The routes of a {@link routesProbe}. */
export function parseRoutes(output: string): Routes {
  const text = (output.split(/^@@towards$/m)[0] ?? '').trim();
  if (text !== '' && !text.startsWith('[')) return { trouble: text, list: [] };
  const list = JSON.parse(text || '[]') as IpRoute[];
  const [router] = JSON.parse(sections(output).get('towards') || '[]') as IpRoute[];
  return { list: list.filter((one) => one.dst && !one.tos).map(route), ...(router?.dev && !router.gateway && { towards: router.dev }) };
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
  };
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
  ];
  return words.filter(Boolean).join(' ');
}
