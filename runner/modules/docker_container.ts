import type { Diff } from '../events.ts';
import { argv, raw } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { containerArgs } from './docker/container-args.ts';
import type { ContainerArgs } from './docker/container-args.ts';
import { containerDrift, endpointsOf, formatEndpoint, networkDrifts } from './docker/container-drift.ts';
import { NO_CONTAINER, parseContainer, probeContainer } from './docker/container-state.ts';
import type { ContainerState, Inspected } from './docker/container-state.ts';
import { creation, reconnection, removal, starting, stopping } from './docker/container-steps.ts';
import { isOfSwarm } from './docker/network-state.ts';
import { reaching } from './docker/reach.ts';
import type { Trouble } from './docker/reach.ts';
import { leavesSwarm } from './docker/swarm-state.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, Result, Step } from './module.ts';

export default defineModule<typeof containerArgs, ContainerState | Trouble>({
  name: 'docker_container',
  summary: 'Manage a Docker container',
  notes: [
    'A container that differs in anything given is made anew; networks are mended while it runs. What is not given is not compared.',
    'An image of the same name but another id counts as different.',
    'The result has `id`, `pid`, `status`, `ip` and `networks`, with address and MAC of each.',
  ],
  examples: `
- docker_container:
    name: api
    image: somecom/api:1.0.0
    networks: [overlay]
    published_ports: ['9769:8769']
    restart_policy: unless-stopped
- docker_container:
    name: api
    state: absent
`,
  args: containerArgs,
  resource: ({ name }) => `docker_container:${name}`,
  probe: ({ name, image, networks }) => probeContainer(name, image, networks !== undefined),
  parse: parseContainer,
  decide: reaching(() => NO_CONTAINER, (args, state, context) => (args.state === 'absent' ? remove(args, state) : keep(args, state, context))),
  prove: { timeout: 5, interval: 0.5 },
});

function keep(args: ContainerArgs, found: ContainerState, context: DecideContext): Decision<ContainerState> {
  const state = withPlannedImage(args, found, context);
  const container = state.container && leavesSwarm(context) ? withoutSwarmNetworks(state.container) : state.container;
  if (!container) return create(args, state, [{ what: `container ${args.name}`, before: null, after: describe(args) }]);
  const drift = containerDrift(args, container, state);
  if (args.recreate && !context.applied && drift.length === 0) drift.push({ what: `container ${args.name}`, before: container.Id.slice(0, 12), after: '(made anew)' });
  if (drift.length > 0) return create(args, state, drift);
  return mend(args, container, state, context);
}

/** In a check: with the image that a task before this one would bring. */
function withPlannedImage({ image }: ContainerArgs, state: ContainerState, context: DecideContext): ContainerState {
  const planned = context.check ? (context.planned(`docker_image:${image ?? ''}`) as { id: string } | undefined) : undefined;
  return planned?.id ? { ...state, imageId: planned.id } : state;
}

/** In a check: as it is when its host has left the swarm. */
function withoutSwarmNetworks(container: Inspected): Inspected {
  const kept = Object.entries(endpointsOf(container)).filter(([, { NetworkID = '' }]) => !isOfSwarm(NetworkID));
  return { ...container, NetworkSettings: { ...container.NetworkSettings, Networks: Object.fromEntries(kept) } };
}

function create(args: ContainerArgs, state: ContainerState, diff: Diff[]): Decision<ContainerState> {
  if (!args.image) return { kind: 'fail', message: `there is no container ${args.name} as wanted, and no image to make it from`, hint: 'Give `image`.' };
  const scripts: Script[] = [];
  if (!state.imageId && args.pull === 'missing') scripts.push(argv('docker', 'pull', '--quiet', args.image, raw('>/dev/null')));
  if (state.container) scripts.push(...removal(args, state.container.State.Running));
  scripts.push(...creation(args));
  if (args.state === 'started') scripts.push(starting(args.name));
  return { kind: 'change', diff, steps: steps(scripts), plans: plans(args), result: { name: args.name } };
}

/** The container is the right one: its networks, and whether it runs. */
function mend(args: ContainerArgs, container: Inspected, state: ContainerState, context: DecideContext): Decision<ContainerState> {
  const drifts = networkDrifts(args, container, state.networks);
  const diff: Diff[] = drifts.map(({ name, wanted, found }) => ({ what: `${args.name} network ${name}`, before: formatEndpoint(found), after: wanted ? formatEndpoint(wanted) : null }));
  const scripts = drifts.map((drift) => reconnection(args.name, drift));
  const running = container.State.Running;
  if (args.state === 'started' && !running) {
    diff.push({ what: `${args.name} state`, before: statusOf(container), after: 'running' });
    scripts.push(starting(args.name));
  } else if (args.state === 'started' && container.State.Paused) {
    diff.push({ what: `${args.name} state`, before: 'paused', after: 'running' });
    scripts.push(argv('docker', 'unpause', args.name, raw('>/dev/null')));
  } else if (args.state === 'stopped' && running) {
    diff.push({ what: `${args.name} state`, before: 'running', after: 'stopped' });
    scripts.push(stopping(args));
  } else if (args.restart && running && !context.applied) {
    diff.push({ what: `${args.name} state`, before: 'running', after: 'restarted' });
    scripts.push(argv('docker', 'restart', args.name, raw('>/dev/null')));
  }
  if (scripts.length === 0) return { kind: 'ok', result: resultOf(args.name, container) };
  return { kind: 'change', diff, steps: steps(scripts), plans: plans(args), result: resultOf(args.name, container) };
}

/** Later tasks of a check learn that it will run; its process and addresses they cannot know. */
const plans = ({ name, state }: ContainerArgs) => (state === 'started' ? { [`container:${name}`]: 'started' } : {});

function remove(args: ContainerArgs, { container }: ContainerState): Decision<ContainerState> {
  if (!container) return { kind: 'ok', result: { name: args.name } };
  const diff = [{ what: `container ${args.name}`, before: `${String(container.Config.Image)}, ${container.State.Status}`, after: null }];
  return { kind: 'change', diff, steps: steps(removal(args, container.State.Running)), after: NO_CONTAINER };
}

function describe({ image, command = [], networks = [], state }: ContainerArgs): string {
  const parts = [image, ...command].join(' ');
  return `${parts}${networks.length > 0 ? `, in ${networks.map(({ name }) => name).join(', ')}` : ''}${state === 'started' ? ', running' : ''}`;
}

/** `exited with 137 (out of memory)`. */
function statusOf({ State }: Inspected): string {
  if (State.Status !== 'exited') return `${State.Status}${State.Error ? `: ${State.Error}` : ''}`;
  return `exited with ${State.ExitCode}${State.OOMKilled ? ' (out of memory)' : ''}`;
}

function resultOf(name: string, container: Inspected): Result {
  const networks = Object.fromEntries(
    Object.entries(endpointsOf(container)).map(([network, { IPAddress = '', GlobalIPv6Address = '', IPPrefixLen = 0, Gateway = '', MacAddress = '' }]) => [
      network,
      { ip: IPAddress, ipv6: GlobalIPv6Address, prefix: IPPrefixLen, gateway: Gateway, mac: MacAddress },
    ]),
  );
  const ip = Object.values(networks)
    .map((one) => one.ip || one.ipv6)
    .find(Boolean);
  return { name, id: container.Id, image: container.Image, status: container.State.Status, pid: container.State.Pid, ip: ip ?? '', networks };
}

function steps(scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
