import type { Diff } from '../../model/events.ts';
import type { Script } from '../../model/script.ts';
import { owns } from './api/ownership.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { swarmArgs } from './swarm/swarm-args.ts';
import type { SwarmArgs } from './swarm/swarm-args.ts';
import { addressDrift, settingDrift, startOnlyDrift } from './swarm/swarm-drift.ts';
import { outside, parseSwarm, probeSwarm, swarmResult } from './swarm/swarm-state.ts';
import type { SwarmState } from './swarm/swarm-state.ts';
import {
  LEAVE,
  LEAVE_BY_FORCE,
  initScript,
  joinScript,
  rotateScript,
  unlockScript,
  updateScript,
} from './swarm/swarm-steps.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import { SWARM_RETURNS } from './swarm/swarm-returns.ts';

/** What a check shows for values that come to be with the swarm. */
const LATER = '(known when the swarm is there)';
const TOKEN_LATER = 'SWMTKN-not-known-yet';

export default defineModule<typeof swarmArgs, SwarmState | Trouble>({
  name: 'docker_swarm',
  summary: 'Put a host into a Docker swarm, as its first manager or by joining, or take it out',
  traits: { effects: 'cluster' },
  notes: [
    'A join that was never finished is cleared and made anew, and so is the membership of a node that the managers do not know any more (`known_nodes`); a host that waits or is broken in a swarm of its own is not touched without `force`.',
    'A host that is in another swarm is refused, as is one whose addresses differ from the given ones, unless `force` is true: then it leaves and joins anew.',
    'Where the first manager was lost, `present` without `remote_addrs` would start a second swarm: ask the other hosts first (`docker_swarm_info`), as playbooks/swarm-init.yml does.',
    '`live-restore` in daemon.json forbids swarm mode; the task says so.',
    'Needs Docker 18.09 or later for joining: the token goes to Docker on stdin, never as an argument.',
  ],
  examples: `
- docker_swarm:
    advertise_addr: '{{xrun_host}}'
  register: swarm
- docker_swarm:
    state: join
    advertise_addr: '{{xrun_host}}'
    remote_addrs: ['{{hostvars.node1.swarm.node_addr}}:2377']
    join_token: '{{hostvars.node1.swarm.join_tokens.worker}}'
    cluster_id: '{{hostvars.node1.swarm.cluster_id}}'
- docker_swarm:
    state: absent
    force: true
`,
  returns: SWARM_RETURNS,
  args: swarmArgs,
  resource: () => 'docker_swarm',
  probeMayFail: true,
  probe: ({ join_tokens, advertise_addr, state, owned_by }) =>
    probeSwarm({
      tokens: join_tokens,
      advertise: advertise_addr,
      belongings: state === 'absent' && owned_by !== undefined,
    }),
  parse: parseSwarm,
  decide: reaching(
    () => outside(),
    (args, state, context) =>
      args.state === 'absent' ? decideAbsent(args, state) : decidePresent(args, state, context),
  ),
  secretResults: ['join_tokens', 'unlock_key'],
  prove: { timeout: 90, interval: 1 },
});

function decidePresent(args: SwarmArgs, state: SwarmState, context: DecideContext): Decision<SwarmState> {
  // The list of nodes is of the time before: a node that has just joined is not in it.
  const removed = context.applied ? undefined : removedByHand(args, state);
  if (removed && args.remote_addrs.length > 0) return enter(args, state, [LEAVE_BY_FORCE]);
  if (removed)
    return { kind: 'fail', message: removed, hint: 'Let it join again: `remote_addrs` and `join_token` of a manager.' };
  // It has never been in that swarm, so nothing is lost.
  if (state.halfMade && args.remote_addrs.length > 0 && !context.applied) return enter(args, state, [LEAVE_BY_FORCE]);
  switch (state.state) {
    case 'inactive':
      return enter(args, state, []);
    case 'pending':
      return {
        kind: 'wait',
        why: `the node is still joining${state.error ? `: ${state.error}` : ''}`,
        interval: 1,
        timeout: 90,
      };
    case 'locked':
      return unlock(args, state);
    case 'error':
      if (args.force) return enter(args, state, [LEAVE_BY_FORCE]);
      return {
        kind: 'fail',
        message: `the node's swarm membership is broken: ${state.error ?? 'Docker does not say why'}`,
        hint: '`force: true` leaves that swarm and joins anew.',
      };
    case 'active':
      return stay(args, state, context);
  }
}

/** Says that the managers of the swarm do not know the node, though it believes to be in the swarm. */
function removedByHand(
  { known_nodes, cluster_id }: SwarmArgs,
  { nodeId, clusterId, state, manager }: SwarmState,
): string | undefined {
  if (!known_nodes?.length || !nodeId || manager || state === 'inactive' || state === 'locked') return undefined;
  if (known_nodes.includes(nodeId) || (cluster_id && clusterId && cluster_id !== clusterId)) return undefined;
  return `the managers of the swarm do not know the node ${nodeId}: it was removed (docker node rm)`;
}

/** Starts or joins a swarm, after `first`. */
function enter(args: SwarmArgs, state: SwarmState, first: Script[]): Decision<SwarmState> {
  const joins = args.remote_addrs.length > 0;
  const refused = refuseEntry(args, state, joins);
  if (refused) return refused;
  const manager = !joins || args.role === 'manager';
  const { error: _error, ...kept } = state;
  const after: SwarmState = {
    ...kept,
    state: 'active',
    manager,
    nodeId: LATER,
    nodeAddr: args.advertise_addr ?? LATER,
    managers: joins ? args.remote_addrs : [],
    ...(first.length > 0 && { left: true }),
  };
  after.clusterId = args.cluster_id ?? LATER;
  if (!joins) after.tokens = { worker: TOKEN_LATER, manager: TOKEN_LATER };
  const before =
    state.state === 'inactive'
      ? null
      : `in swarm ${state.clusterId ?? '(unknown)'}, at ${state.nodeAddr || '(no address)'}`;
  const wanted = joins
    ? `joined by ${args.remote_addrs.join(', ')}${args.role ? ` as ${args.role}` : ''}`
    : 'first manager of a new swarm';
  const diff: Diff[] = [
    { what: 'swarm', before, after: args.advertise_addr ? `${wanted}, at ${args.advertise_addr}` : wanted },
  ];
  return {
    kind: 'change',
    diff,
    steps: steps(...first, joins ? joinScript(args) : initScript(args)),
    after,
    result: swarmResult(after),
  };
}

function refuseEntry(
  { advertise_addr }: SwarmArgs,
  state: SwarmState,
  joins: boolean,
): Decision<SwarmState> | undefined {
  if (state.bridge) {
    return {
      kind: 'fail',
      message: `advertise_addr ${advertise_addr ?? ''} is the address of ${state.bridge}, a bridge of Docker on this host: no other host reaches it`,
      hint: 'Give an address of the network between the hosts.',
    };
  }
  if (state.liveRestore) {
    return {
      kind: 'fail',
      message: '`live-restore` is on in the Docker daemon, which forbids swarm mode',
      hint: 'Turn it off first: `docker_daemon: {options: {live-restore: false}}`.',
    };
  }
  const [major = 99, minor = 0] = state.version.split('.').map(Number);
  if (joins && state.version && (major < 18 || (major === 18 && minor < 9))) {
    return {
      kind: 'fail',
      message: `Docker ${state.version} is too old: 18.09 or later is required`,
      hint: 'Install a newer Docker on this host.',
    };
  }
  return undefined;
}

function unlock(args: SwarmArgs, state: SwarmState): Decision<SwarmState> {
  if (!args.unlock_key)
    return {
      kind: 'fail',
      message: 'this manager is locked: Docker has started again and waits for the key',
      hint: 'Give it: `unlock_key`.',
    };
  const after: SwarmState = { ...state, state: 'active' };
  return {
    kind: 'change',
    diff: [{ what: 'swarm manager', before: 'locked', after: 'unlocked' }],
    steps: steps(unlockScript(args.unlock_key)),
    after,
    result: swarmResult(after),
  };
}

/** The node is in a swarm: is it the right one, and in the right way? */
function stay(args: SwarmArgs, state: SwarmState, context: DecideContext): Decision<SwarmState> {
  const conflict = foreign(args, state) ?? addressDrift(args, state);
  if (conflict) {
    if (args.force) return enter(args, state, [LEAVE_BY_FORCE]);
    return {
      kind: 'fail',
      message: conflict,
      hint: 'Let it leave first (`docker_swarm: {state: absent}`), or say `force: true` to do so now.',
    };
  }
  const refused = startOnlyDrift(args, state);
  if (refused) return { kind: 'fail', message: refused, hint: 'This can be chosen only when a swarm starts.' };
  const role = state.manager ? 'manager' : 'worker';
  if (args.role && args.role !== role) {
    return {
      kind: 'fail',
      message: `the node is in the swarm as ${role}, expected ${args.role}`,
      hint: `Run docker_node: {name: ${context.host}, role: ${args.role}} on a manager.`,
    };
  }
  return adjust(args, state, context);
}

/** Settings of the whole swarm, and tokens. */
function adjust(args: SwarmArgs, state: SwarmState, context: DecideContext): Decision<SwarmState> {
  const diff = settingDrift(args, state);
  const scripts = diff.length > 0 ? [updateScript(args)] : [];
  const rotated = context.applied
    ? []
    : [...(args.rotate_worker_token ? ['worker'] : []), ...(args.rotate_manager_token ? ['manager'] : [])];
  if (rotated.length > 0) scripts.push(rotateScript(args));
  for (const role of rotated) diff.push({ what: `token for ${role}s`, before: '(the old one)', after: '(a new one)' });
  if (scripts.length === 0) return { kind: 'ok', result: swarmResult(state) };
  if (!state.manager)
    return {
      kind: 'fail',
      message: 'the settings of a swarm cannot be changed from a worker',
      hint: 'Run the task on a manager.',
    };
  return { kind: 'change', diff, steps: steps(...scripts), after: state, result: swarmResult(state) };
}

function decideAbsent(args: SwarmArgs, state: SwarmState): Decision<SwarmState> {
  if (state.state === 'inactive') return { kind: 'ok', result: swarmResult(state) };
  const conflict = foreign(args, state);
  if (conflict && !args.force)
    return { kind: 'fail', message: conflict, hint: '`force: true` leaves whatever swarm it is in.' };
  if (state.manager && !args.force) {
    return {
      kind: 'fail',
      message: 'the node is a manager: its leaving may cost the swarm its quorum',
      hint: 'Make it a worker first (docker_node: {role: worker}, on another manager), or say `force: true`.',
    };
  }
  const foreignThings = (state.belongings ?? [])
    .filter(({ labels }) => !owns(args.owned_by, labels))
    .map(({ what }) => what);
  if (foreignThings.length > 0) {
    return {
      kind: 'fail',
      message: `leaving the swarm would end what is not labelled ${args.owned_by?.label ?? ''}: ${foreignThings.sort().join(', ')}`,
      hint: 'Move or remove these first, or leave them to their end with an empty `owned_by`.',
    };
  }
  const after: SwarmState = { ...outside(state), left: true };
  const before = `${state.manager ? 'manager' : 'worker'} of swarm ${state.clusterId ?? '(unknown)'}`;
  return {
    kind: 'change',
    diff: [{ what: 'swarm', before, after: null }],
    steps: steps(args.force ? LEAVE_BY_FORCE : LEAVE),
    after,
    result: swarmResult(after),
  };
}

/** Says that the node is in another swarm than the given one. */
function foreign({ cluster_id, remote_addrs, state: wanted }: SwarmArgs, state: SwarmState): string | undefined {
  if (cluster_id && state.clusterId && cluster_id !== state.clusterId)
    return `the node is in another swarm: found ${state.clusterId}, expected ${cluster_id}`;
  if (cluster_id && !state.clusterId) return 'this user may not read which swarm the node is in: use `become: true`';
  if (wanted === 'absent' || state.manager || remote_addrs.length > 0) return undefined;
  return `the node is a worker of swarm ${state.clusterId ?? '(unknown)'}; expected the first manager of one`;
}

function steps(...scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
