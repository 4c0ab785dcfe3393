import type { Diff } from '../../model/events.ts';
import { argv, raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { envListSecrets, envSecrets } from './values/env-secrets.ts';
import { containerArgs, runs } from './container/container-args.ts';
import type { ContainerArgs } from './container/container-args.ts';
import { containerDrift, endpointsOf, formatEndpoint, networkDrifts } from './container/container-drift.ts';
import { impossible } from './container/container-refusal.ts';
import { health } from './container/attributes/health.ts';
import { describe, resultOf, statusOf } from './container/container-result.ts';
import { NO_CONTAINER, freshName, oldName, parseContainer, probeContainer } from './container/container-state.ts';
import type { ContainerState } from './container/container-state.ts';
import type { Inspected } from './container/inspected.ts';
import { pulledResult, pulling, pullsAgain, renewed } from './container/pull.ts';
import {
  creation,
  discarding,
  reconnection,
  removal,
  replacement,
  restoring,
  starting,
  stopping,
} from './container/container-steps.ts';
import { isOfSwarm } from './network/network-state.ts';
import { guarded } from './api/ownership.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { leavesSwarm } from './swarm/swarm-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';

export default defineModule<typeof containerArgs, ContainerState | Trouble>({
  name: 'docker_container',
  summary: 'Manage a Docker container',
  notes: [
    'A container that differs in anything given is made anew; networks are changed while it runs. What is not given is not compared.',
    'The new container is made beside the old one, which is removed last: where Docker refuses the new one, or it does not start, the old one is back.',
    "Values are compared in Docker's own terms: `80:80` and `0.0.0.0:80:80` are different, `CAP_NET_ADMIN` and `net_admin` are not.",
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
    memory: 256m
- docker_container:
    name: api
    state: absent
`,
  returns: {
    name: 'Its name.',
    id: "Docker's id of it.",
    image: 'The image it runs.',
    status: '`running`, `exited` and the like.',
    pid: 'Its first process, as the host numbers it.',
    ip: 'Its address in the first of its networks.',
    networks: 'Its networks by name, with its address in each.',
  },
  args: containerArgs,
  resource: ({ name }) => `docker_container:${name}`,
  secrets({ env }, state = NO_CONTAINER) {
    const { envFile, container, old, fresh } = state as ContainerState;
    return [
      ...envSecrets(env),
      ...envSecrets(envFile),
      ...[container, old, fresh].flatMap((one) => envListSecrets(one?.Config?.Env as string[] | null | undefined)),
    ];
  },
  probeMayFail: true,
  probe: probeContainer,
  parse: parseContainer,
  decide: reaching(() => NO_CONTAINER, decide),
  result: (_args, steps) => pulledResult(steps),
  prove: { timeout: 5, interval: 0.5 },
});

function decide(given: ContainerArgs, found: ContainerState, context: DecideContext): Decision<ContainerState> {
  const args = found.envFile ? { ...given, env: { ...found.envFile, ...given.env } } : given;
  const { state, first, diff } = recovered(args, found);
  const decision = args.state === 'absent' ? remove(args, state) : keep(args, state, context);
  const whole: Decision<ContainerState> =
    diff.length === 0 || decision.kind === 'fail' ? decision : after(first, diff, decision);
  return state.container
    ? guarded(
        args.owned_by,
        state.container.Config.Labels as Record<string, string> | null,
        `container ${args.name}`,
        whole,
      )
    : whole;
}

/**
 * What an interrupted run left is cleared away first. The old container gets its name back, unless the new one runs
 * already.
 */
function recovered(
  args: ContainerArgs,
  found: ContainerState,
): { state: ContainerState; first: Script[]; diff: Diff[] } {
  const { old, fresh, ...state } = found;
  const first: Script[] = [];
  const diff: Diff[] = [];
  const left = (name: string, after: string | null) =>
    diff.push({ what: `container ${name}`, before: 'left by an interrupted run', after });
  if (fresh) {
    first.push(discarding(fresh));
    left(freshName(args.name), null);
  }
  if (!old) return { state, first, diff };
  if (state.container?.State.Running) {
    first.push(discarding(old));
    left(oldName(args.name), null);
    return { state, first, diff };
  }
  first.push(...restoring(args.name, old, state.container));
  left(oldName(args.name), args.name);
  return { state: { ...state, container: old }, first, diff };
}

/** A decision whose steps come after `first`. */
function after(first: Script[], diff: Diff[], decision: Decision<ContainerState>): Decision<ContainerState> {
  if (decision.kind === 'change')
    return { ...decision, diff: [...diff, ...decision.diff], steps: [...steps(first), ...decision.steps] };
  return {
    kind: 'change',
    diff,
    steps: steps(first),
    ...(decision.kind === 'ok' && decision.result && { result: decision.result }),
  };
}

function keep(args: ContainerArgs, found: ContainerState, context: DecideContext): Decision<ContainerState> {
  const state = withPlannedImage(args, found, context);
  const container = state.container && leavesSwarm(context) ? withoutSwarmNetworks(state.container) : state.container;
  if (!container)
    return create(args, state, context, [{ what: `container ${args.name}`, before: null, after: describe(args) }]);
  const drift = containerDrift(args, container, state);
  if (args.recreate && !context.applied && drift.length === 0)
    drift.push({ what: `container ${args.name}`, before: container.Id.slice(0, 12), after: '(made anew)' });
  if (drift.length > 0) return create(args, state, context, drift);
  const decision = adjust(args, container, state, context);
  if (!pullsAgain(args, context) || (decision.kind !== 'ok' && decision.kind !== 'change')) return decision;
  return renewed(args.image!, state, decision, making(args, container), context);
}

/** In a check: with the image that a task before this one would bring. */
function withPlannedImage({ image }: ContainerArgs, state: ContainerState, context: DecideContext): ContainerState {
  const planned = context.check
    ? (context.planned(`docker_image:${image ?? ''}`) as { id: string } | undefined)
    : undefined;
  if (!planned?.id || planned.id === state.imageId) return state;
  const { image: _image, ...rest } = state;
  return { ...rest, imageId: planned.id };
}

/** In a check: as it is when its host has left the swarm. */
function withoutSwarmNetworks(container: Inspected): Inspected {
  const kept = Object.entries(endpointsOf(container)).filter(([, { NetworkID = '' }]) => !isOfSwarm(NetworkID));
  return { ...container, NetworkSettings: { ...container.NetworkSettings, Networks: Object.fromEntries(kept) } };
}

function create(
  args: ContainerArgs,
  state: ContainerState,
  context: DecideContext,
  diff: Diff[],
): Decision<ContainerState> {
  const refused = impossible(args, state, context);
  if (refused) return refused;
  const scripts: Script[] = [];
  if ((!state.imageId && args.pull === 'missing') || pullsAgain(args, context)) scripts.push(pulling(args.image!));
  scripts.push(...making(args, state.container));
  return { kind: 'change', diff, steps: steps(scripts), plans: plans(args), result: { name: args.name } };
}

/** Makes the container, in the place of the one that is there. */
function making(args: ContainerArgs, old: Inspected | undefined): Script[] {
  if (old) return [...creation(args, freshName(args.name)), replacement(args, old)];
  return [...creation(args), ...(runs(args) ? [starting(args.name)] : [])];
}

/** The container is the right one: its networks, and whether it runs. */
function adjust(
  args: ContainerArgs,
  container: Inspected,
  state: ContainerState,
  context: DecideContext,
): Decision<ContainerState> {
  const drifts = networkDrifts(args, container, state.networks);
  const diff: Diff[] = drifts.map(({ name, wanted, found }) => ({
    what: `${args.name} network ${name}`,
    before: formatEndpoint(found),
    after: wanted ? formatEndpoint(wanted) : null,
  }));
  const scripts = drifts.map((drift) => reconnection(args.name, drift));
  const running = container.State.Running;
  if (runs(args) && !running) {
    if (context.applied)
      return { kind: 'fail', message: `container ${args.name} does not stay up: it ${statusOf(container, state)}` };
    diff.push({ what: `${args.name} state`, before: statusOf(container), after: 'running' });
    scripts.push(starting(args.name));
  } else if (runs(args) && container.State.Paused) {
    diff.push({ what: `${args.name} state`, before: 'paused', after: 'running' });
    scripts.push(argv('docker', 'unpause', args.name, raw('>/dev/null')));
  } else if (args.state === 'stopped' && running) {
    diff.push({ what: `${args.name} state`, before: 'running', after: 'stopped' });
    scripts.push(stopping(args));
  } else if (args.restart && running && !context.applied) {
    diff.push({ what: `${args.name} state`, before: 'running', after: 'restarted' });
    scripts.push(argv('docker', 'restart', args.name, raw('>/dev/null')));
  }
  if (scripts.length > 0)
    return { kind: 'change', diff, steps: steps(scripts), plans: plans(args), result: resultOf(args.name, container) };
  if (runs(args) && restarts(container, state)) {
    return {
      kind: 'wait',
      why: `container ${args.name} ends again and again: Docker has restarted it ${container.RestartCount ?? 0} times; it ${statusOf(container, state)}`,
      interval: 0.5,
      timeout: 5,
    };
  }
  return health(args, container) ?? { kind: 'ok', result: resultOf(args.name, container) };
}

/** In a loop of restarts a container counts as running between two of them. */
function restarts({ State, RestartCount = 0 }: Inspected, { uptime = 0 }: ContainerState): boolean {
  return State.Restarting === true || (RestartCount > 0 && uptime < 3);
}

/** Later tasks of a check learn that it will run; its process and addresses they cannot know. */
const plans = ({ name, state }: ContainerArgs) => (runs({ state }) ? { [`container:${name}`]: 'started' } : {});

function remove(args: ContainerArgs, { container }: ContainerState): Decision<ContainerState> {
  if (!container) return { kind: 'ok', result: { name: args.name } };
  const diff = [
    {
      what: `container ${args.name}`,
      before: `${String(container.Config.Image)}, ${container.State.Status}`,
      after: null,
    },
  ];
  return { kind: 'change', diff, steps: steps(removal(args, container.State.Running)), after: NO_CONTAINER };
}

function steps(scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
