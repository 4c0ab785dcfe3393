import * as z from 'zod';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, seconds, whole, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, runs, shown } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';
import { LINK_NAME, NO_LINK, linkOf, linksProbe, parseLinks, planningLinks, withoutIproute } from './links/link.ts';
import type { Link } from './links/link.ts';
import { mac } from './addresses/mac.ts';

const args = z
  .strictObject({
    name: z
      .string()
      .regex(LINK_NAME, 'expected an interface name of at most 15 characters')
      .describe('Name of the bridge.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the bridge is to exist.'),
    members: words.optional().describe('Interfaces that must be members; others (of containers) may be members too.'),
    stp: flag.optional().describe('Spanning tree. Off forwards at once; on, a port is silent for twice forward_delay.'),
    forward_delay: seconds
      .optional()
      .describe('Seconds a port listens, and learns, before it forwards; 0 only without stp.'),
    ageing_time: seconds.optional().describe('Seconds an unused MAC address is remembered.'),
    vlan_filtering: flag.optional().describe('Whether VLAN tags are looked at.'),
    mcast_snooping: flag.optional().describe('Whether multicast goes only where it was asked for.'),
    mac: mac
      .optional()
      .describe("Hardware address. Without one the bridge takes the lowest of its members', which changes."),
    mac_from: z.string().regex(LINK_NAME).optional().describe('Take the hardware address of this interface.'),
    mtu: whole.optional().describe('Largest packet, in bytes.'),
    up: flag.default(true).describe('Whether the bridge is switched on.'),
  })
  .refine((given) => !(given.mac && given.mac_from), 'give mac or mac_from, not both')
  .refine(({ stp, forward_delay: delay }) => !stp || delay === undefined || (delay >= 2 && delay <= 30), {
    message: 'with stp, expected 2 to 30 seconds',
    path: ['forward_delay'],
  });

type Args = z.output<typeof args>;

/** What a new bridge of this kernel would have is asked in a network namespace that is gone a moment later. */
const NEW = 'new bridge';
const SCRATCH = 'ip link add name xr0 type bridge && ip -j -d link show dev xr0';

function probe({ name, members = [], mac_from, state, vlan_filtering, mcast_snooping }: Args): Script {
  const links = linksProbe([name, ...members, ...(mac_from ? [mac_from] : [])]);
  if (state === 'absent' || !(vlan_filtering || mcast_snooping === false)) return links;
  return sh`${links}; [ -e ${`/sys/class/net/${name}`} ] || { echo ${`@@link ${NEW}`}; unshare -n sh -c ${SCRATCH} 2>/dev/null || echo '[]'; }`;
}

function decide(args: Args, state: Link, context: DecideContext): Decision<Link> {
  if (state.trouble) return withoutIproute(state.trouble, context);
  if (state.exists && state.kind !== 'bridge') {
    const kind = state.kind || 'a physical interface';
    return {
      kind: 'fail',
      message: `${args.name} is ${kind}, expected a bridge`,
      hint: 'Choose another name, or remove it first.',
    };
  }
  if (args.state === 'absent') return remove(args, state);
  const missing = [...(args.members ?? []), ...(args.mac_from ? [args.mac_from] : [])].find(
    (name) => !other(name, state, context).exists,
  );
  if (missing)
    return {
      kind: 'fail',
      message: `interface ${missing} does not exist`,
      hint: `${args.name} needs it: see "ip link" on the host.`,
    };
  const can = state.exists && state.index > 0 ? state.options : state.others?.[NEW]?.options;
  const lacks = options(args).find(
    ([key, wanted]) =>
      wanted !== undefined && can && Object.keys(can).length > 0 && !(key in can) && wanted !== BY_ITSELF[key],
  );
  if (lacks)
    return {
      kind: 'fail',
      message: `the bridges of this kernel have no ${lacks[0]}`,
      hint: 'Leave the option out, or take another kernel.',
    };
  const wrong = (args.members ?? []).find((name) => name === 'lo' || other(name, state, context).kind === 'bridge');
  if (wrong)
    return {
      kind: 'fail',
      message: `${wrong} is ${wrong === 'lo' ? 'the loopback interface' : 'a bridge'}, and cannot be a member of one`,
      hint: 'Join bridges by a veth pair.',
    };
  return state.exists ? repair(args, state, context) : create(args, state, context);
}

export default defineModule<typeof args, Link>({
  name: 'linux_bridge',
  summary: 'Manage a bridge of the Linux kernel',
  traits: { effects: 'network' },
  notes: [
    'The change lasts until the next boot; network_config writes the same down for the network system of the host.',
    'Taking the interface that carries the connection into a bridge cuts it: do that in a guarded block.',
  ],
  examples: `- name: A bridge with the host's own interface in it
  linux_bridge:
    name: br0
    members: [eth0]
    mac_from: eth0
    stp: false
    forward_delay: 0
`,
  returns: { name: 'Its name.', mac: 'Its hardware address.', mtu: 'Its MTU.' },
  args,
  resource: ({ name }) => `link:${name}`,
  probe,
  parse: ({ stdout }, { name }) => {
    const { [name]: link, ...others } = parseLinks(stdout);
    return { ...NO_LINK, ...link, others };
  },
  decide: (args, state, context) => planned(decide(args, state, context)),
});

/** Its members are planned with it: a later task may look at one of them. */
function planned(decision: Decision<Link>): Decision<Link> {
  const { [NEW]: _, ...others } = (decision.kind === 'change' && decision.after?.others) || {};
  return planningLinks(decision, others);
}

function other(name: string, state: Link, context: DecideContext): Link {
  return linkOf(name, state.others?.[name], context);
}

function wantedMac(args: Args, state: Link, context: DecideContext): string | undefined {
  return args.mac ?? (args.mac_from ? other(args.mac_from, state, context).mac || undefined : undefined);
}

const inSeconds = (value: number) => `${value / 100} s`;
const toggle = (value: number) => (value ? 'on' : 'off');
const hundredths = (value: number | undefined) => value && Math.round(value * 100);
const bit = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));

/** The kernel's names of the options, and their wanted values in its units (times: hundredths of a second). */
function options(args: Args): [string, number | undefined, (value: number) => string][] {
  return [
    // Spanning tree first: only without it the kernel takes a forward delay below two seconds.
    ['stp_state', bit(args.stp), toggle],
    ['forward_delay', hundredths(args.forward_delay), inSeconds],
    ['ageing_time', hundredths(args.ageing_time), inSeconds],
    ['vlan_filtering', bit(args.vlan_filtering), toggle],
    ['mcast_snooping', bit(args.mcast_snooping), toggle],
  ];
}

/** While spanning tree rearranges itself the kernel remembers addresses for twice forward_delay only, and reports that time. */
function forgetsFaster({ options: { topology_change, ageing_time, forward_delay } }: Link): boolean {
  return topology_change === 1 && ageing_time === 2 * Number(forward_delay);
}

const shownOption = (value: unknown, show: (value: number) => string) =>
  value === undefined ? null : show(value as number);

function attributes(args: Args, state: Link, context: DecideContext): Attribute[] {
  const { name } = args;
  const address = wantedMac(args, state, context);
  const up = args.up ? 'up' : 'down';
  return [
    ...options(args).map(([key, wanted, show]) => ({
      what: `${name} ${key}`,
      found: shownOption(state.options[key] ?? BY_ITSELF[key], show),
      wanted: wanted === undefined || (key === 'ageing_time' && forgetsFaster(state)) ? undefined : show(wanted),
      script: sh`ip link set dev ${name} type bridge ${key} ${wanted}`,
    })),
    { what: `${name} mac`, found: state.mac, wanted: address, script: sh`ip link set dev ${name} address ${address}` },
    ...(args.members ?? []).map((member) => membership(name, member, other(member, state, context))),
    // After the members: each new one pulls a bridge's MTU down to its own.
    {
      what: `${name} mtu`,
      found: shown(state.mtu),
      wanted: shown(args.mtu),
      script: sh`ip link set dev ${name} mtu ${args.mtu}`,
    },
    { what: `${name} link`, found: state.up ? 'up' : 'down', wanted: up, script: sh`ip link set dev ${name} ${up}` },
  ];
}

function membership(bridge: string, member: string, link: Link): Attribute {
  return {
    what: `${member} master`,
    found: link.master || null,
    wanted: bridge,
    script: sh`ip link set dev ${member} master ${bridge} up`,
  };
}

function repair(args: Args, state: Link, context: DecideContext): Decision<Link> {
  const { diff, steps } = differing(attributes(args, state, context));
  if (steps.length === 0) return { kind: 'ok', result: { name: args.name, mac: state.mac, mtu: state.mtu } };
  return { kind: 'change', diff, steps, after: after(args, state, context) };
}

/** What a new bridge has, so that a kernel which cannot have it otherwise is not asked. */
const BY_ITSELF: Record<string, number> = { stp_state: 0, vlan_filtering: 0, mcast_snooping: 1 };

function create(args: Args, state: Link, context: DecideContext): Decision<Link> {
  const all = attributes(args, { ...NO_LINK, options: BY_ITSELF, others: state.others ?? {} }, context).filter(
    ({ wanted }) => wanted !== undefined,
  );
  return {
    kind: 'change',
    diff: [{ what: `bridge ${args.name}`, before: null, after: described(all, 'wanted') }],
    steps: [...runs([sh`ip link add name ${args.name} type bridge`]), ...differing(all).steps],
    after: after(args, { ...state, mtu: 1500 }, context),
  };
}

function after(args: Args, state: Link, context: DecideContext): Link {
  const members = (args.members ?? []).map((name) => [
    name,
    { ...other(name, state, context), master: args.name, up: true },
  ]);
  const set = options(args)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([key, wanted]) => [key, wanted]);
  return {
    ...state,
    exists: true,
    kind: 'bridge',
    up: args.up,
    mtu: args.mtu ?? state.mtu,
    mac: wantedMac(args, state, context) ?? state.mac,
    options: { ...state.options, ...Object.fromEntries(set) },
    others: { ...state.others, ...(Object.fromEntries(members) as Record<string, Link>) },
  };
}

function remove({ name }: Args, state: Link): Decision<Link> {
  if (!state.exists) return { kind: 'ok' };
  return {
    kind: 'change',
    diff: [{ what: `bridge ${name}`, before: 'present', after: null }],
    steps: runs([sh`ip link delete dev ${name}`]),
    after: NO_LINK,
  };
}
