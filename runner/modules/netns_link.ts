import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag, whole } from './arguments/scalars.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision } from './module.ts';
import { described, differing, runs, shown } from './net/attribute.ts';
import type { Attribute } from './net/attribute.ts';
import { featureName } from './net/features.ts';
import { cidr, ip } from './net/ip.ts';
import { LINK_NAME, withoutIproute } from './net/link.ts';
import { mac } from './net/mac.ts';
import { enter, namespaceProbe, parseNamespaceLink } from './net/namespace-link.ts';
import type { NamespaceLink } from './net/namespace-link.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

const args = z.strictObject({
  container: z.string().min(1).optional().describe('A running Docker container, by name.'),
  netns: z.string().min(1).optional().describe('A network namespace, by the name that `ip netns` gave it.'),
  bridge: linkName.optional().describe('Bridge that the host end joins, of Linux or of Open vSwitch; needed unless state is absent.'),
  name: linkName.default('eth1').describe('Name of the interface inside.'),
  host_name: linkName.optional().describe('Name of its other end on the host; derived from the container and the name where not given.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it is to be there.'),
  address: cidr.optional().describe('Address inside, with its prefix length; others are removed.'),
  gateway: ip.optional().describe('Router of the default route inside.'),
  mac: mac.optional().describe('Hardware address inside.'),
  mtu: whole.optional().describe('Largest packet, in bytes, at both ends.'),
  offload: z.record(z.string(), flag).optional().describe('Features inside, as ethtool names them: {tx: off} where the bridge is one of Open vSwitch in user space.'),
}).refine(({ container, netns }) => Boolean(container) !== Boolean(netns), 'give container or netns')
  .refine(({ bridge, state }) => bridge || state === 'absent', 'bridge is needed');

type Args = z.output<typeof args>;

const target = ({ container, netns }: Args) => ({ container, netns });
const who = ({ container, netns }: Args) => (container ? `container ${container}` : `namespace ${netns}`);

/** Stable, so that the next run finds what this one made. */
function hostName(args: Args): string {
  const hash = createHash('sha256').update(`${args.container ?? `netns/${args.netns}`} ${args.name}`).digest('hex');
  return args.host_name ?? `xr${hash.slice(0, 10)}`;
}

function decide(args: Args, state: NamespaceLink, context: DecideContext): Decision<NamespaceLink> {
  if (args.state === 'absent') return remove(args, state);
  if (state.where === '') return unreachable(args, state, context);
  if (state.host.trouble) return withoutIproute(state.host.trouble, context);
  const kind = bridgeKind(args, state, context);
  if (!kind) return { kind: 'fail', message: `there is no bridge ${args.bridge}`, hint: 'make it with linux_bridge or ovs_bridge first' };
  if (!state.inside.exists || !state.host.exists) return create(args, state, kind);
  const { diff, steps } = differing(attributes(args, state, kind));
  if (steps.length === 0) return { kind: 'ok', result: { host_name: hostName(args), mac: state.inside.mac } };
  return { kind: 'change', diff, steps };
}

export default defineModule({
  name: 'netns_link',
  summary: 'Give a container an interface on a bridge, with a fixed address',
  notes: [
    "What pipework does: a veth pair, one end inside the container's network namespace, the other in the bridge.",
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
  args,
  probe: (given) => namespaceProbe(target(given), hostName(given), given.name, given.bridge),
  parse: ({ stdout }, given) => parseNamespaceLink(stdout, hostName(given), given.bridge),
  decide,
});

function unreachable(args: Args, state: NamespaceLink, context: DecideContext): Decision<NamespaceLink> {
  const planned = args.container && (context.planned(`container:${args.container}`) ?? context.planned(`docker_container:${args.container}`));
  if (planned) return { kind: 'unknown', why: `${who(args)} is not running yet`, steps: [] };
  const why = state.trouble ? `: ${state.trouble.split('\n')[0]}` : '';
  return { kind: 'fail', message: `${who(args)} is not there or not running${why}`, hint: 'start it first: an interface cannot outlive its namespace' };
}

function bridgeKind(args: Args, state: NamespaceLink, context: DecideContext): 'linux' | 'ovs' | undefined {
  const ovs = context.planned(`ovs_bridge:${args.bridge}`) as { exists: boolean } | undefined;
  const linux = context.planned(`link:${args.bridge}`) as { exists: boolean } | undefined;
  if (ovs?.exists) return 'ovs';
  return linux?.exists ? 'linux' : state.bridge;
}

function attributes(args: Args, state: NamespaceLink, kind: 'linux' | 'ovs'): Attribute[] {
  const { name, address, gateway, mtu } = args;
  const host = hostName(args);
  const inside = enter(state.where);
  const { inside: link } = state;
  const joined = kind === 'ovs' ? state.ovsBridge : state.host.master;
  return [
    { what: `${host} bridge`, found: joined, wanted: args.bridge, script: join(args, kind) },
    { what: `${host} mtu`, found: shown(state.host.mtu), wanted: shown(mtu), script: sh`ip link set dev ${host} mtu ${mtu}` },
    { what: `${host} link`, found: state.host.up ? 'up' : 'down', wanted: 'up', script: sh`ip link set dev ${host} up` },
    { what: `${name} mac`, found: link.mac, wanted: args.mac, script: sh`${inside} ip link set dev ${name} address ${args.mac}` },
    { what: `${name} mtu`, found: shown(link.mtu), wanted: shown(mtu), script: sh`${inside} ip link set dev ${name} mtu ${mtu}` },
    ...Object.entries(args.offload ?? {}).map(([feature, on]) => ({
      what: `${name} ${featureName(feature)}`,
      found: link.features[featureName(feature)]?.split(' ')[0] ?? '',
      wanted: on ? 'on' : 'off',
      script: sh`${inside} ethtool -K ${name} ${feature} ${on ? 'on' : 'off'}`,
    })),
    { what: `${name} link`, found: link.up ? 'up' : 'down', wanted: 'up', script: sh`${inside} ip link set dev ${name} up` },
    {
      what: `${name} address`,
      found: link.addresses.join(' '),
      wanted: address,
      script: sh`${inside} ip address flush dev ${name} scope global && ${inside} ip address add ${address} dev ${name}`,
    },
    // After the address: flushing it took the route along.
    { what: `${name} gateway`, found: link.addresses.join(' ') === (address ?? link.addresses.join(' ')) ? state.gateway : '', wanted: gateway, script: sh`${inside} ip route replace default via ${gateway} dev ${name}` },
  ];
}

function join(args: Args, kind: 'linux' | 'ovs'): Script {
  const host = hostName(args);
  if (kind === 'linux') return sh`ip link set dev ${host} master ${args.bridge}`;
  return sh`ip link set dev ${host} nomaster; ovs-vsctl --timeout=30 --if-exists del-port ${host} -- add-port ${args.bridge} ${host}`;
}

function create(args: Args, state: NamespaceLink, kind: 'linux' | 'ovs'): Decision<NamespaceLink> {
  const host = hostName(args);
  const nothing = { ...state, host: { ...state.host, up: false, mtu: 0, master: '' }, ovsBridge: '', inside: { ...state.inside, up: false, mtu: 0, mac: '', addresses: [], features: {} }, gateway: '' };
  const all = attributes(args, nothing, kind).filter(({ wanted }) => wanted !== undefined);
  const left = state.host.exists ? [sh`ip link delete dev ${host}`] : state.inside.exists ? [sh`${enter(state.where)} ip link delete dev ${args.name}`] : [];
  const made = sh`ip link add name ${host} type veth peer name ${args.name} netns ${state.where}`;
  return {
    kind: 'change',
    diff: [{ what: `interface ${args.name} of ${who(args)}`, before: null, after: described(all, 'wanted') }],
    steps: runs([...left, made, ...all.map(({ script }) => script)]),
  };
}

function remove(args: Args, state: NamespaceLink): Decision<NamespaceLink> {
  if (!state.host.exists) return { kind: 'ok' };
  const host = hostName(args);
  const port = state.ovsBridge ? [sh`ovs-vsctl --timeout=30 --if-exists del-port ${host}`] : [];
  return {
    kind: 'change',
    diff: [{ what: `interface ${args.name} of ${who(args)}`, before: state.inside.addresses.join(' ') || 'present', after: null }],
    steps: runs([...port, sh`ip link delete dev ${host}`]),
  };
}
