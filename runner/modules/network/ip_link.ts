import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, runs, shown } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';
import { featureName, featuresProbe, parseFeatures } from './links/features.ts';
import { NO_LINK, linkOf, linksProbe, parseLinks, planningLinks, withoutIproute } from './links/link.ts';
import type { Link } from './links/link.ts';
import { sections } from '../shared/sections.ts';
import { creation, kindProbe, misfit } from './links/virtual-link.ts';
import { linkArgs } from './links/link-args.ts';
import type { LinkArgs } from './links/link-args.ts';

const beside = ({ parent, master, peer }: LinkArgs) =>
  [parent, master, peer].filter((one) => one !== undefined && one !== '') as string[];

function probe(args: LinkArgs): Script {
  const { name, kind, state, offload } = args;
  const links = linksProbe([name, ...beside(args)]);
  return sh`${links}${offload && sh`; ${featuresProbe(name)}`}${kind !== undefined && state === 'present' && sh`; ${kindProbe(name, kind)}`}; true`;
}

function decide(args: LinkArgs, seen: Link, context: DecideContext): Decision<Link> {
  if (seen.trouble) return withoutIproute(seen.trouble, context);
  const state = seen.exists ? seen : foreseen(args, seen, context);
  if (args.state === 'absent') return remove(args, state);
  const refused = refusedLink(args, state, context);
  if (refused) return refused;
  if (!state.exists) return create(args);
  const wrong = misfit(args, state);
  if (wrong) return recreate(args, state, wrong);
  return refusedFeature(args, state, context) ?? repair(args, state);
}

export default defineModule<typeof linkArgs, Link & { noKind?: boolean }>({
  name: 'ip_link',
  summary: 'Manage a network interface: its switch, MTU, address, bridge and offload features',
  traits: { effects: 'network' },
  notes: [
    'An interface whose kind, parent, mode or number differs is removed and made anew.',
    'The change lasts until the next boot; network_config writes the same down for the network system of the host.',
  ],
  examples: `- name: Checksums are made in software, since the tunnel sends what the card should have finished
  ip_link:
    name: eth0
    offload: {tx: off}
- name: The host reaches its own macvlan containers
  ip_link:
    name: shim0
    kind: macvlan
    mode: bridge
    parent: eth0
    up: true
`,
  returns: { name: 'Its name.', mac: 'Its hardware address.', mtu: 'Its MTU.' },
  args: linkArgs,
  resource: ({ name }) => `link:${name}`,
  probe,
  parse: ({ stdout }, { name, offload }) => {
    const { [name]: found = NO_LINK, ...others } = parseLinks(stdout);
    const noKind = sections(stdout).get('kind') === 'missing';
    const link = { ...found, others, ...(noKind && { noKind }) };
    return offload && link.exists ? { ...link, ...parseFeatures(sections(stdout).get('features') ?? '') } : link;
  },
  decide: (args, state, context) => planningLinks(decide(args, state, context)),
});

/** The own interface of an Open vSwitch bridge or port that an earlier task plans; its features cannot be known yet. */
function foreseen({ name }: LinkArgs, seen: Link, context: DecideContext): Link {
  const planned = linkOf(name, seen, context);
  return planned.exists && !planned.features ? { ...planned, features: {} } : planned;
}

function attributes(args: LinkArgs, state: Link): Attribute[] {
  const { name, mtu, master } = args;
  const up = args.up === undefined ? undefined : args.up ? 'up' : 'down';
  return [
    {
      what: `${name} mac`,
      found: state.mac,
      wanted: args.mac,
      script: sh`ip link set dev ${name} address ${args.mac}`,
    },
    {
      what: `${name} mtu`,
      found: shown(state.mtu),
      wanted: shown(mtu),
      script: sh`ip link set dev ${name} mtu ${mtu}`,
    },
    {
      what: `${name} master`,
      found: state.master,
      wanted: master,
      script: sh`ip link set dev ${name} ${master ? ['master', master] : 'nomaster'}`,
    },
    ...Object.entries(args.offload ?? {}).map(([feature, wanted]) => ({
      what: `${name} ${featureName(feature)}`,
      found: state.features?.[featureName(feature)]?.split(' ')[0],
      wanted: wanted ? 'on' : 'off',
      script: sh`ethtool -K ${name} ${feature} ${wanted ? 'on' : 'off'}`,
    })),
    { what: `${name} link`, found: state.up ? 'up' : 'down', wanted: up, script: sh`ip link set dev ${name} ${up}` },
  ];
}

/** What the kernel would refuse: interfaces that are missing or taken, a kind or an MTU that it does not have. */
function refusedLink(
  args: LinkArgs,
  state: Link & { noKind?: boolean },
  context: DecideContext,
): Decision<Link> | undefined {
  const { name, kind, parent, master, peer, mtu } = args;
  const other = (link: string) => linkOf(link, state.others?.[link], context);
  const known = (link: string) => link in (state.others ?? {}) || context.planned(`link:${link}`) !== undefined;
  const fresh = !state.exists && kind !== undefined;
  const missing = [fresh ? parent : undefined, master].find((link) => link && known(link) && !other(link).exists);
  if (missing)
    return {
      kind: 'fail',
      message: `interface ${missing} does not exist`,
      hint: `${name} needs it: see "ip link" on the host.`,
    };
  if (fresh && peer !== undefined && other(peer).exists)
    return {
      kind: 'fail',
      message: `there is an interface ${peer} already, so it cannot be made as the peer of ${name}`,
      hint: 'Choose another name for the peer, or remove it first.',
    };
  if (fresh && state.noKind)
    return {
      kind: 'fail',
      message: `this kernel has no interfaces of the kind ${kind}`,
      hint: 'Is the package with the modules of the running kernel installed?',
    };
  const lower = fresh && ['vlan', 'macvlan', 'ipvlan'].includes(kind) && parent !== undefined ? other(parent).mtu : 0;
  const most = state.exists ? state.maxMtu : lower || undefined;
  if (mtu !== undefined && most !== undefined && mtu > most && mtu !== state.mtu) {
    return {
      kind: 'fail',
      message: `${name} cannot have an MTU of ${mtu}: ${state.exists ? 'its driver' : `its parent ${parent}`} takes ${most} at most`,
    };
  }
  return undefined;
}

function refusedFeature(args: LinkArgs, state: Link, context: DecideContext): Decision<Link> | undefined {
  if (!args.offload) return undefined;
  if (!state.features) {
    if (context.planned('package:ethtool'))
      return { kind: 'unknown', why: 'ethtool is not installed yet', steps: differing(attributes(args, state)).steps };
    return {
      kind: 'fail',
      message: `the offload features of ${args.name} cannot be read`,
      hint: 'Install ethtool on the host.',
    };
  }
  const { features } = state;
  // Of an interface that an earlier task makes nothing is known yet.
  const unknown =
    Object.keys(features).length === 0
      ? undefined
      : Object.keys(args.offload).find((name) => features[featureName(name)] === undefined);
  if (unknown !== undefined)
    return {
      kind: 'fail',
      message: `ethtool lists no feature ${featureName(unknown)} of ${args.name}`,
      hint: `See "ethtool -k ${args.name}" on the host.`,
    };
  const fixed = Object.entries(args.offload).find(
    ([name, on]) => features[featureName(name)] === `${on ? 'off' : 'on'} [fixed]`,
  );
  if (!fixed) return undefined;
  return {
    kind: 'fail',
    message: `${featureName(fixed[0])} of ${args.name} is ${fixed[1] ? 'off' : 'on'}, and its driver does not let it be changed`,
  };
}

function repair(args: LinkArgs, state: Link): Decision<Link> {
  const { diff, steps } = differing(attributes(args, state));
  if (steps.length === 0) return { kind: 'ok', result: { name: args.name, mac: state.mac, mtu: state.mtu } };
  return { kind: 'change', diff, steps, after: after(args, state) };
}

function create(args: LinkArgs): Decision<Link> {
  const made = creation(args);
  if (!made)
    return {
      kind: 'fail',
      message: `interface ${args.name} does not exist`,
      hint: 'See "ip link" on the host, or say by kind what to create.',
    };
  const all = attributes(args, NO_LINK).filter(({ wanted }) => wanted !== undefined && wanted !== '');
  return {
    kind: 'change',
    diff: [{ what: `${args.kind} ${args.name}`, before: null, after: described(all, 'wanted') }],
    steps: runs([made, ...all.map(({ script }) => script)]),
    after: after(args, { ...NO_LINK, mtu: 1500 }),
    ...(args.peer !== undefined && {
      plans: { [`link:${args.peer}`]: { ...NO_LINK, exists: true, kind: 'veth', mtu: 1500, parent: args.name } },
    }),
  };
}

function recreate(args: LinkArgs, state: Link, wrong: { what: string; before: string; after: string }): Decision<Link> {
  const made = create(args);
  if (made.kind !== 'change') return made;
  if (!state.kind)
    return {
      kind: 'fail',
      message: `${args.name} is a physical interface, expected a ${args.kind}`,
      hint: 'Choose another name.',
    };
  return { ...made, diff: [wrong], steps: [...runs([sh`ip link delete dev ${args.name}`]), ...made.steps] };
}

function after(args: LinkArgs, state: Link): Link {
  const features = Object.entries(args.offload ?? {}).map(([name, on]) => [featureName(name), on ? 'on' : 'off']);
  return {
    ...state,
    exists: true,
    kind: args.kind ?? state.kind,
    up: args.up ?? state.up,
    mtu: args.mtu ?? state.mtu,
    mac: args.mac ?? state.mac,
    master: args.master ?? state.master,
    parent: args.parent ?? state.parent,
    ...(args.offload && {
      features: { ...state.features, ...(Object.fromEntries(features) as Record<string, string>) },
    }),
  };
}

function remove({ name }: LinkArgs, state: Link): Decision<Link> {
  if (!state.exists) return { kind: 'ok' };
  if (!state.kind) return { kind: 'fail', message: `${name} is a physical interface and cannot be removed` };
  return {
    kind: 'change',
    diff: [{ what: `interface ${name}`, before: state.kind, after: null }],
    steps: runs([sh`ip link delete dev ${name}`]),
    after: NO_LINK,
    ...(state.kind === 'veth' && state.parent !== '' && { plans: { [`link:${state.parent}`]: NO_LINK } }),
  };
}
