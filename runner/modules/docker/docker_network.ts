import type { Diff } from '../../model/events.ts';
import type { Script } from '../../model/script.ts';
import { plannedOption } from './daemon/daemon-state.ts';
import { networkArgs, wantedSubnets } from './network/network-args.ts';
import type { NetworkArgs } from './network/network-args.ts';
import { formatSubnet, networkDrift } from './network/network-drift.ts';
import { NO_NETWORK, parseNetworks, probeNetworks } from './network/network-state.ts';
import type { DockerNetwork, NetworkState } from './network/network-state.ts';
import { creation, removal, remaking } from './network/network-steps.ts';
import { guarded, ownLabel, owns } from './api/ownership.ts';
import { goes } from './api/users.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { leavesSwarm } from './swarm/swarm-state.ts';
import type { SwarmState } from './swarm/swarm-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step } from '../../model/module.ts';

export default defineModule<typeof networkArgs, NetworkState | Trouble>({
  name: 'docker_network',
  summary: 'Manage a Docker network',
  traits: { effects: 'network' },
  notes: [
    'Docker changes nothing of a network that is there: one of the same name that differs is refused, unless `recreate` is true and neither a container (running or stopped) nor a service uses it.',
    'Where Docker refuses the new network, `recreate` makes the old one again.',
    'Overlay networks of a swarm are made and removed on a manager. Workers list them only while one of their containers uses them.',
  ],
  examples: `
- docker_network:
    name: overlay
    driver: overlay
    attachable: true
    subnet: 10.10.0.0/16
    gateway: 10.10.0.254
`,
  returns: {
    name: 'Its name.',
    id: "Docker's id of it.",
    driver: 'Its driver.',
    scope: '`local` or `swarm`.',
    subnet: 'Its first subnet.',
    gateway: 'The gateway in that.',
    subnets: 'All its subnets.',
    options: "The driver's options.",
    labels: 'Its labels.',
    containers: 'The containers in it on this host.',
  },
  args: networkArgs,
  resource: ({ name }) => `docker_network:${name}`,
  probeMayFail: true,
  probe: ({ name, state, recreate }) => probeNetworks(name, recreate || state === 'absent'),
  parse: parseNetworks,
  decide: reaching(() => NO_NETWORK, decide),
  prove: { timeout: 10, interval: 0.5 },
});

function decide(args: NetworkArgs, state: NetworkState, context: DecideContext): Decision<NetworkState> {
  const decision = args.state === 'absent' ? remove(args, state, context) : keep(args, state, context);
  const foreign = state.networks.find(({ labels }) => !owns(args.owned_by, labels));
  return guarded(args.owned_by, foreign?.labels ?? ownLabel(args.owned_by), `network ${args.name}`, decision);
}

function keep(args: NetworkArgs, state: NetworkState, context: DecideContext): Decision<NetworkState> {
  // One without an id is itself planned, and of the swarm to come.
  const networks = leavesSwarm(context)
    ? state.networks.filter(({ scope, id }) => scope !== 'swarm' || id === '')
    : state.networks;
  const right = networks.find((network) => networkDrift(args, network).length === 0);
  const [first] = networks;
  if (!first) return create(args, state, context, []);
  if (right && networks.length === 1) return { kind: 'ok', result: resultOf(args.name, right) };
  if (!args.recreate) return conflict(args, networks);
  const others = networks.filter((network) => network !== right);
  const used = refuseUsed(args.name, others, context);
  if (used) return used;
  if (!right) return create(args, state, context, others);
  const diff = others.map((network) => ({ what: `network ${args.name}, again`, before: network.id, after: null }));
  return {
    kind: 'change',
    diff,
    steps: steps(...others.map(removal)),
    after: { networks: [right] },
    result: resultOf(args.name, right),
  };
}

function create(
  args: NetworkArgs,
  state: NetworkState,
  context: DecideContext,
  replaced: DockerNetwork[],
): Decision<NetworkState> {
  const refused = replaced.length === 0 ? refuseOverlay(args, state, context) : undefined;
  if (refused) return refused;
  const after = plannedNetwork(args);
  const diff: Diff[] = replaced[0]
    ? networkDrift(args, replaced[0])
    : [{ what: `network ${args.name}`, before: null, after: describe(args) }];
  return {
    kind: 'change',
    diff,
    steps: replaced[0] ? steps(...replaced.slice(1).map(removal), remaking(args, replaced[0])) : steps(creation(args)),
    after: { networks: [after] },
    result: resultOf(args.name, after),
  };
}

function conflict(args: NetworkArgs, networks: DockerNetwork[]): Decision<NetworkState> {
  const [first] = networks as [DockerNetwork];
  if (networks.length > 1) {
    return {
      kind: 'fail',
      message: `there are ${networks.length} networks called ${args.name}: ${networks.map(({ id }) => id.slice(0, 12)).join(', ')}`,
      hint: 'Remove the wrong one by its id, or say `recreate: true`.',
    };
  }
  const differences = networkDrift(args, first).map(
    ({ what, before, after }) =>
      `${what.slice(args.name.length + 1)} is ${before || '(none)'}, expected ${after || '(none)'}`,
  );
  return {
    kind: 'fail',
    message: `a network ${args.name} is there that differs: ${differences.join('; ')}`,
    hint: 'Docker cannot change a network: choose another name, or say `recreate: true` to remove it and make it anew.',
  };
}

/** Overlay networks come to be on managers of a swarm, or with an external store. */
function refuseOverlay(
  { name, driver, scope }: NetworkArgs,
  { swarm, store }: NetworkState,
  context: DecideContext,
): Decision<NetworkState> | undefined {
  if ((driver !== 'overlay' && scope !== 'swarm') || store || plannedOption('cluster-store', context)) return undefined;
  const planned = context.check ? (context.planned('docker_swarm') as SwarmState | undefined) : undefined;
  const role = planned?.state === 'active' ? (planned.manager ? 'manager' : 'worker') : swarm;
  if (role === 'manager') return undefined;
  if (role === 'worker') {
    return {
      kind: 'fail',
      message: `this host is a worker of its swarm, and cannot make the overlay network ${name}`,
      hint: 'Run the task on a manager; workers see the network once a container of theirs uses it.',
    };
  }
  return {
    kind: 'fail',
    message: `an overlay network needs a swarm, and this host is in none`,
    hint: 'Start or join one first: docker_swarm.',
  };
}

function remove(args: NetworkArgs, { networks }: NetworkState, context: DecideContext): Decision<NetworkState> {
  if (networks.length === 0) return { kind: 'ok' };
  const elsewhere = context.check ? networks.flatMap((network) => network.elsewhere ?? []) : [];
  const used = refuseUsed(args.name, networks, context, elsewhere);
  if (used) return used;
  if (elsewhere.length > 0)
    return {
      kind: 'unknown',
      why: `containers of other hosts are in network ${args.name}: ${elsewhere.sort().join(', ')}`,
      steps: [],
    };
  const diff = networks.map((network) => ({
    what: `network ${args.name}`,
    before: [network.driver, ...network.subnets.map(formatSubnet)].join(' '),
    after: null,
  }));
  return { kind: 'change', diff, steps: steps(...networks.map(removal)), after: { networks: [] } };
}

function refuseUsed(
  name: string,
  networks: DockerNetwork[],
  context: DecideContext,
  besides: readonly string[] = [],
): Decision<NetworkState> | undefined {
  // What Docker itself puts into a network (`lb-NAME`, the ingress sandbox) goes with it.
  const names = networks
    .flatMap(({ containers, users = [] }) => [...new Set([...Object.keys(containers), ...users])])
    .filter(
      (one) =>
        !besides.includes(one) &&
        one !== `${name}-endpoint` &&
        !one.startsWith('gateway_') &&
        one !== 'ingress-endpoint' &&
        !goes(one, context),
    );
  if (names.length === 0) return undefined;
  return {
    kind: 'fail',
    message: `network ${name} is used by ${names.sort().join(', ')}`,
    hint: 'Remove these, or disconnect the containers, first.',
  };
}

function plannedNetwork(args: NetworkArgs): DockerNetwork {
  return {
    id: '',
    driver: args.driver,
    scope: args.scope ?? (args.driver === 'overlay' ? 'swarm' : 'local'),
    attachable: args.attachable ?? false,
    internal: args.internal ?? false,
    ingress: args.ingress ?? false,
    ipv6: args.enable_ipv6 ?? false,
    subnets: wantedSubnets(args),
    options: args.driver_options ?? {},
    labels: { ...args.labels, ...ownLabel(args.owned_by) },
    containers: {},
  };
}

function describe(args: NetworkArgs): string {
  return [
    args.driver,
    ...wantedSubnets(args).map(formatSubnet),
    ...(args.attachable ? ['attachable'] : []),
    ...(args.internal ? ['internal'] : []),
  ].join(' ');
}

function resultOf(name: string, { id, driver, scope, subnets, options, labels, containers }: DockerNetwork): Result {
  const [first] = subnets;
  return {
    name,
    id,
    driver,
    scope,
    subnet: first?.subnet ?? '',
    gateway: first?.gateway ?? '',
    subnets,
    options,
    labels,
    containers,
  };
}

function steps(...scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
