import { createHash } from 'node:crypto';
import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { flag, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, runs } from '../shared/attribute.ts';
import { cidr, ip } from '../shared/ip.ts';
import { LINK_NAME, linkOf, withoutIproute } from './links/link.ts';
import { mac } from './addresses/mac.ts';
import { NOTHING_INSIDE, enter, namespaceProbe, parseNamespaceLink } from './links/namespace-link.ts';
import type { NamespaceLink } from './links/namespace-link.ts';
import { attributes, making } from './links/namespace-steps.ts';
import type { Hold } from './links/namespace-steps.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

const args = z
  .strictObject({
    container: z.string().min(1).optional().describe('A running Docker container, by name.'),
    netns: z.string().min(1).optional().describe('A network namespace, by the name that `ip netns` gave it.'),
    bridge: linkName.optional().describe('Bridge that the host end joins, of Linux or of Open vSwitch.'),
    parent: linkName
      .optional()
      .describe('Instead of a bridge: the interface of the host that it shares the wire of, as a macvlan.'),
    name: linkName.default('eth1').describe('Name of the interface inside.'),
    host_name: linkName
      .optional()
      .describe('Name of its other end on the host; derived from the container and the name where not given.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether it is to be there. A macvlan is removed where its `parent` is given.'),
    address: cidr.optional().describe('Address inside, with its prefix length; others are removed.'),
    gateway: ip.optional().describe('Router of the default route inside.'),
    mac: mac.optional().describe('Hardware address inside.'),
    mtu: whole.optional().describe('Largest packet, in bytes, at both ends.'),
    offload: z
      .record(z.string(), flag)
      .optional()
      .describe(
        'Features inside, as ethtool names them: {tx: off} where the bridge is one of Open vSwitch in user space.',
      ),
  })
  .refine(({ container, netns }) => Boolean(container) !== Boolean(netns), 'give container or netns')
  .refine(({ bridge, parent }) => !bridge || !parent, 'give bridge or parent, not both')
  .refine(({ bridge, parent, state }) => bridge || parent || state === 'absent', 'bridge or parent is needed');

type Args = z.output<typeof args>;

const who = ({ container, netns }: Args) => (container ? `container ${container}` : `namespace ${netns}`);

/** Stable, so that the next run finds what this one made. */
function hostName(args: Args): string {
  const hash = createHash('sha256')
    .update(`${args.container ?? `netns/${args.netns}`} ${args.name}`)
    .digest('hex');
  return args.host_name ?? `xr${hash.slice(0, 10)}`;
}

function decide(args: Args, state: NamespaceLink, context: DecideContext): Decision<NamespaceLink> {
  if (args.state === 'absent') return remove(args, state);
  const trouble = (args.parent ? state.parent : state.host).trouble;
  if (trouble) return withoutIproute(trouble, context);
  const hold = holdOf(args, state, context);
  if (hold.kind === 'fail') return hold;
  if (state.where === '') return unreachable(args, state, hold, context);
  if (!fits(state, hold)) return create(args, state, hold);
  const { diff, steps } = differing(attributes(args, state, hostName(args), hold));
  if (steps.length === 0) return { kind: 'ok', result: { host_name: hostName(args), mac: state.inside.mac } };
  return { kind: 'change', diff, steps };
}

export default defineModule({
  name: 'netns_link',
  summary: 'Give a container an interface on a bridge or an interface of the host, with a fixed address',
  traits: { effects: 'network' },
  notes: [
    "What pipework does: a veth pair, one end inside the container's network namespace, the other in the bridge; or a macvlan, which needs no bridge and which the host itself does not reach.",
    'It is gone when the container stops; playbooks/static-ip.yml installs a unit that makes it again.',
  ],
  examples: `- name: The database has a fixed address
  netns_link:
    container: db
    bridge: br0
    name: eth0
    address: 10.0.0.101/24
    gateway: 10.0.0.1
`,
  returns: { host_name: "The name of the host's end.", mac: 'The hardware address of the other end.' },
  args,
  probe: (given) => namespaceProbe(given, hostName(given), given.name),
  parse: ({ stdout }, given) => parseNamespaceLink(stdout, hostName(given), given),
  decide,
});

/** Of a container that an earlier task of this check starts all is known but the number of its process. */
function unreachable(args: Args, state: NamespaceLink, hold: Hold, context: DecideContext): Decision<NamespaceLink> {
  if (args.container && context.planned(`container:${args.container}`) === 'started')
    return { ...create(args, state, hold), steps: [] };
  const why = state.trouble ? `: ${state.trouble.split('\n')[0]}` : '';
  return {
    kind: 'fail',
    message: `${who(args)} is not there or not running${why}`,
    hint: 'Start it first: an interface cannot outlive its namespace.',
  };
}

function holdOf(
  { bridge = '', parent }: Args,
  state: NamespaceLink,
  context: DecideContext,
): Hold | Extract<Decision, { kind: 'fail' }> {
  if (parent) {
    const { exists, master } = linkOf(parent, state.parent, context);
    if (!exists)
      return { kind: 'fail', message: `there is no interface ${parent}`, hint: 'See "ip link" on the host.' };
    if (master)
      return {
        kind: 'fail',
        message: `${parent} is a member of ${master}, and cannot be the parent of a macvlan as well`,
        hint: `Use \`bridge: ${master}\`.`,
      };
    return { kind: 'macvlan', parent };
  }
  const ovs = context.planned(`ovs_bridge:${bridge}`) as { exists: boolean } | undefined;
  const linux = context.planned(`link:${bridge}`) as { exists: boolean } | undefined;
  const kind = ovs?.exists ? 'ovs' : linux?.exists ? 'linux' : state.bridge;
  return kind
    ? { kind, bridge }
    : { kind: 'fail', message: `there is no bridge ${bridge}`, hint: 'Make it with linux_bridge or ovs_bridge first.' };
}

/** Whether what is there can be changed, or has to be recreated. */
function fits({ inside, host, parent }: NamespaceLink, hold: Hold): boolean {
  if (hold.kind === 'macvlan') return inside.kind === 'macvlan' && inside.onto === parent.index;
  return inside.exists && host.exists;
}

function create(args: Args, state: NamespaceLink, hold: Hold): Decision<NamespaceLink> & { kind: 'change' } {
  const host = hostName(args);
  const bare = {
    ...state,
    host: { ...state.host, up: false, mtu: 0, master: '' },
    ovsBridge: '',
    inside: NOTHING_INSIDE,
    gateway: '',
  };
  const all = attributes(args, bare, host, hold).filter(({ wanted }) => wanted !== undefined);
  return {
    kind: 'change',
    diff: [
      {
        what: `interface ${args.name} of ${who(args)}`,
        before: state.inside.kind || null,
        after: described(all, 'wanted'),
      },
    ],
    steps: runs([...making(args.name, state, host, hold), ...all.map(({ script }) => script)]),
  };
}

function remove(args: Args, state: NamespaceLink): Decision<NamespaceLink> {
  const { inside, parent } = state;
  const macvlan = args.parent && inside.kind === 'macvlan' && inside.onto === parent.index;
  if (!state.host.exists && !state.ovsBridge && !macvlan) return { kind: 'ok' };
  const host = hostName(args);
  // Open vSwitch keeps the port of a container that is gone.
  const port = state.ovsBridge ? [sh`ovs-vsctl --timeout=30 --if-exists del-port ${host}`] : [];
  const pair = state.host.exists ? [sh`ip link delete dev ${host}`] : [];
  return {
    kind: 'change',
    diff: [
      { what: `interface ${args.name} of ${who(args)}`, before: inside.addresses.join(' ') || 'present', after: null },
    ],
    steps: runs(macvlan ? [sh`${enter(state.where)} ip link delete dev ${args.name}`] : [...port, ...pair]),
  };
}
