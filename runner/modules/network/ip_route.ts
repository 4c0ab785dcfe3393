import * as z from 'zod';
import { sh, tame } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { plannedAddresses, networkOf, within } from './addresses/addresses.ts';
import { familyFlag, ip, network } from '../shared/ip.ts';
import { LINKS, LINK_NAME, linkOf, withoutIproute } from './links/link.ts';
import { namesProbe, numberOf } from './addresses/route-names.ts';
import { parseRoutes, routesProbe, sameNumber, shownRoute } from './addresses/routes.ts';
import type { Route, Routes } from './addresses/routes.ts';

const args = z
  .strictObject({
    to: network.describe('Network to reach: `10.2.0.0/16`, or `default`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the route is to be there.'),
    via: ip.optional().describe('Address of the next router.'),
    dev: z.string().regex(LINK_NAME).optional().describe('Interface to send through.'),
    src: ip.optional().describe('Address that packets of this host get as their source.'),
    metric: whole
      .optional()
      .describe('Preference, lower wins. Routes to the same network that differ in it live side by side.'),
    mtu: whole.optional().describe('Largest packet on this path, in bytes.'),
    table: text.default('main').describe('Routing table, by name or number.'),
    scope: text.optional().describe('Distance of the destination: global, site, link, host, or a number.'),
    protocol: text.optional().describe('Who made the route, by name or number; `static` keeps routing daemons off it.'),
    onlink: flag.optional().describe('Take the router for a neighbour although no address of the interface says so.'),
    type: z
      .enum(['unicast', 'blackhole', 'unreachable', 'prohibit'])
      .default('unicast')
      .describe('What happens to the packets.'),
  })
  .refine(
    ({ state, type, via, dev }) => state === 'absent' || type !== 'unicast' || via || dev,
    'a route needs via or dev',
  )
  .refine(({ type, via, dev }) => type === 'unicast' || !(via || dev), 'only a unicast route has via or dev');

type Args = z.output<typeof args>;

function decide(args: Args, state: Routes, context: DecideContext): Decision<Routes> {
  if (state.trouble) return withoutIproute(state.trouble, context);
  const unknown = (['table', 'protocol', 'scope'] as const).find(
    (kind) => args[kind] !== undefined && numberOf(kind, args[kind], state.names) === undefined,
  );
  if (unknown)
    return {
      kind: 'fail',
      message: `the host knows no ${unknown} of routes called '${args[unknown]}'`,
      hint: 'Give its number, or name it in /etc/iproute2 first.',
    };
  if (args.state === 'absent')
    return change(
      args,
      state,
      state.list.filter((one) => matches(args, one, state)),
      [],
    );
  const same = state.list.filter((one) => one.metric === metricOf(args));
  const right = same.find((one) => matches(args, one, state) && !strays(args, one, state));
  // IPv4 takes the first of several with one metric (`ip route prepend`); IPv6 has one of each router that announces itself.
  const further = familyFlag(args.to, args.via) === '-4' ? same.filter((one) => one !== (right ?? same[0])) : [];
  if (!right) {
    const refused = unreachable(args, state, context);
    if (refused) return refused;
  }
  if (right) return further.length === 0 ? { kind: 'ok' } : change(args, state, [right, ...further], further);
  // The first is replaced. The same way with another metric is this route, drifted.
  const drifted = state.list.filter(
    (one) => !same.includes(one) && args.via === one.via && (!args.dev || args.dev === one.dev),
  );
  return change(args, state, [...same, ...drifted], [...further, ...drifted]);
}

export default defineModule({
  name: 'ip_route',
  summary: 'Manage a route',
  traits: { effects: 'network' },
  notes: [
    'A route to the same network in the same table with the same metric is replaced, others are left alone.',
    'Where only the router is named, the route must leave by the interface by which the host reaches the router.',
    'The change lasts until the next boot; network_config writes the same down for the network system of the host.',
  ],
  examples: `- name: The containers of the peer are reached through the peer
  ip_route:
    to: 10.20.2.0/24
    via: 10.0.0.12
`,
  args,
  resource: ({ to, table, via }) => `route:${familyFlag(to, via)} ${to} ${numberOf('table', table) ?? table}`,
  probe: (args) => tame(routesProbe(familyFlag(args.to, args.via), args, namesProbe(args))),
  parse: ({ stdout }, { table }) => {
    const state = parseRoutes(stdout);
    return { ...state, list: state.list.filter((one) => sameNumber('table', one.table, table, state)) };
  },
  decide,
});

/** IPv6 gives routes without a metric 1024. */
const metricOf = ({ metric, to, via }: Pick<Args, 'metric' | 'to' | 'via'>) =>
  metric || (familyFlag(to, via) === '-6' ? 1024 : 0);

function matches(args: Args, one: Route, state: Routes): boolean {
  if (args.type !== one.type && args.state === 'present') return false;
  if (args.metric !== undefined && metricOf(args) !== one.metric) return false;
  const named = (['protocol', 'scope'] as const).every(
    (kind) => args[kind] === undefined || sameNumber(kind, args[kind], one[kind], state),
  );
  const keys = ['via', 'dev', 'src', 'mtu', 'onlink'] as const;
  return named && keys.filter((key) => args[key] !== undefined).every((key) => args[key] === one[key]);
}

/** What the kernel would refuse, in a check: there the run's own answer cannot be had. */
function unreachable(
  { via, dev, onlink, type }: Args,
  state: Routes,
  context: DecideContext,
): Decision<Routes> | undefined {
  if (!context.check || type !== 'unicast') return undefined;
  if (dev !== undefined && state.noDevice && !linkOf(dev, undefined, context).exists) {
    return { kind: 'fail', message: `interface ${dev} does not exist`, hint: 'See "ip link" on the host.' };
  }
  if (via === undefined || onlink || state.towards !== undefined) return undefined;
  const planned = Object.entries(plannedAddresses(context)).filter(([name]) => dev === undefined || name === dev);
  if (context.planned(LINKS) !== undefined) return undefined;
  // Link-local routers are found by their interface, and an interface that is planned may have them.
  if (via.startsWith('fe80:') || planned.some(([, list]) => list.some((one) => within(via, networkOf(one)))))
    return undefined;
  if (state.list.some((one) => one.via === via)) return undefined;
  return {
    kind: 'fail',
    message: `the router ${via} is in no network of ${dev ?? 'the host'}: the kernel would refuse the route`,
    hint: 'Give the interface an address of its network first, or use `onlink: true`.',
  };
}

/** Whether a route that names only its router leaves by another interface than packets to the router do. */
const strays = ({ dev }: Args, one: Route, { towards }: Routes) =>
  dev === undefined && towards !== undefined && one.dev !== towards;

function change(args: Args, state: Routes, gone: readonly Route[], deleted: readonly Route[]): Decision<Routes> {
  const absent = args.state === 'absent';
  if (absent && gone.length === 0) return { kind: 'ok' };
  const wanted = absent ? undefined : route(args);
  const diff = [
    {
      what: `route ${args.to}${args.table === 'main' ? '' : ` table ${args.table}`}`,
      before:
        gone.length > 0 ? gone.map((one) => shownRoute(absent ? one : comparable(args, one, state))).join('\n') : null,
      after: wanted ? shownRoute(wanted) : null,
    },
  ];
  const removal = (absent ? gone : deleted).map((one) => remove(args, one));
  // The kernel refuses to replace by what is there already, behind another.
  const kept = gone.some((one) => !deleted.includes(one) && matches(args, one, state) && !strays(args, one, state));
  const list = [...state.list.filter((one) => !gone.includes(one)), ...(wanted ? [wanted] : [])];
  return {
    kind: 'change',
    diff,
    steps: runs([...(absent || kept ? [] : [replace(args)]), ...removal]),
    after: { ...state, list },
  };
}

/** Where the task names only the router, the kernel finds the interface, and the difference is in neither's. */
function comparable({ dev, via }: Args, { dev: found, ...one }: Route, { towards = found }: Routes): Route {
  return dev === undefined && via !== undefined && one.via !== undefined && found === towards
    ? one
    : { ...one, ...(found !== undefined && { dev: found }) };
}

function route({ to, via, dev, src, mtu, scope, protocol, onlink, type, table, metric }: Args): Route {
  const given = { via, dev, src, mtu, scope, protocol, onlink };
  const found = Object.entries(given).filter(([, value]) => value !== undefined);
  return { type, table, metric: metricOf({ to, via, metric }), ...Object.fromEntries(found) };
}

function replace({ to, via, dev, src, metric, mtu, table, scope, protocol, onlink, type }: Args): Script {
  const words: (string | number | undefined | false)[] = [
    type !== 'unicast' && type,
    to,
    via && 'via',
    via,
    dev && 'dev',
    dev,
    'table',
    table,
    src && 'src',
    src,
    metric !== undefined && 'metric',
    metric,
    mtu !== undefined && 'mtu',
    mtu,
    scope && 'scope',
    scope,
    protocol && 'protocol',
    protocol,
    onlink && 'onlink',
  ];
  return sh`ip ${familyFlag(to, via)} route replace ${words.filter((word) => word !== undefined && word !== false)}`;
}

function remove({ to, via, table }: Args, one: Route): Script {
  const words = [
    to,
    ...(one.via ? ['via', one.via] : []),
    ...(one.dev ? ['dev', one.dev] : []),
    'table',
    table,
    'metric',
    one.metric,
  ];
  return sh`ip ${familyFlag(to, via)} route delete ${one.type !== 'unicast' && one.type} ${words}`;
}
