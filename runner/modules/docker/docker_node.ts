import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, seconds, text, words } from '../../model/arguments/scalars.ts';
import { dictionary, dictionaryChange, formatDictionary } from './api/labels.ts';
import { parseNodes, probeNodes } from './swarm/node-state.ts';
import type { NodeState, SwarmNode } from './swarm/node-state.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import type { SwarmState } from './swarm/swarm-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step } from '../../model/module.ts';

const args = z.strictObject({
  name: text.describe('Hostname or id of the node.'),
  id: text
    .optional()
    .describe(
      'Id of the node, as the host itself reports it (`docker_swarm`), where the hostname may have entries of earlier lives.',
    ),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe(
      '`absent` takes its tasks away, makes a manager a worker and removes the entry; the host itself leaves by docker_swarm.',
    ),
  role: z.enum(['manager', 'worker']).optional().describe('Promotes or demotes.'),
  availability: z
    .enum(['active', 'pause', 'drain'])
    .optional()
    .describe('Whether tasks are placed there; `drain` also takes the running ones away.'),
  labels: dictionary.optional().describe('Labels the node has, for constraints of services.'),
  labels_state: z
    .enum(['merge', 'replace'])
    .default('merge')
    .describe('`replace` removes labels that `labels` does not name.'),
  labels_to_remove: words.default([]).describe('Labels the node does not have.'),
  remove_stale: flag
    .default(false)
    .describe(
      'Remove entries of the same hostname that are down and have the address of the node, or an id of `former_ids`, as a node leaves them that joins anew. One that lives is never removed: the task fails.',
    ),
  former_ids: words.default([]).describe('Ids that the host had before it joined anew.'),
  wait: flag.default(true).describe('Wait until the node is there and ready.'),
  wait_timeout: seconds.default(60).describe('How long to wait, seconds.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, NodeState | Trouble>({
  name: 'docker_node',
  summary: 'Manage a node of a Docker swarm: role, availability, labels',
  traits: { effects: 'cluster' },
  notes: [
    'Runs on a manager of the swarm; `delegate_to` takes it there.',
    'Hostnames must be unique; where they are not, name the node by its id.',
  ],
  examples: `
- docker_node:
    name: '{{inventory_hostname}}'
    availability: active
    labels: {zone: a}
    remove_stale: true
  delegate_to: '{{groups.managers.[0]}}'
`,
  returns: {
    id: 'Its id in the swarm.',
    hostname: 'Its name.',
    role: '`manager` or `worker`.',
    availability: '`active`, `pause` or `drain`.',
    labels: 'Its labels.',
    status: '`ready` or `down`.',
    addr: 'Its address.',
  },
  args,
  resource: ({ name }) => `docker_node:${name}`,
  probeMayFail: true,
  probe: ({ name }) => probeNodes(name),
  parse: parseNodes,
  decide: reaching(() => ({ manager: false, nodes: [] }), decide),
  prove: { timeout: 60, interval: 1 },
});

function decide(args: Args, state: NodeState, context: DecideContext): Decision<NodeState> {
  if (!state.manager) {
    const planned = context.check ? (context.planned('docker_swarm') as SwarmState | undefined) : undefined;
    if (!planned?.manager)
      return {
        kind: 'fail',
        message: 'this host is not a manager of a swarm; only managers know the nodes',
        hint: 'Run the task on a manager: delegate_to.',
      };
    return args.state === 'absent' ? { kind: 'ok' } : { kind: 'unknown', why: 'the swarm is not there yet', steps: [] };
  }
  const nodes = state.nodes.filter((node) => node.hostname === args.name || node.id === args.name);
  return args.state === 'absent' ? remove(args, nodes) : keep(args, nodes, context);
}

function keep(args: Args, nodes: SwarmNode[], context: DecideContext): Decision<NodeState> {
  const first = chosen(args, nodes);
  if (first === 'several') return several(args.name, nodes.filter(lives));
  const others = args.remove_stale ? nodes.filter((node) => node !== first) : [];
  if (!first) return missing(args, others, context);
  const living = others.find(lives);
  if (living) return second(args, first, living);
  const stale = others.filter(
    (node) => args.former_ids.includes(node.id) || (node.addr !== '' && node.addr === first.addr),
  );
  const { diff, options, after } = drift(args, first);
  for (const one of staleDiff(args.name, stale)) diff.push(one);
  if (diff.length > 0) {
    const update = options.length > 0 ? [argv('docker', 'node', 'update', options, first.id, raw('>/dev/null'))] : [];
    return {
      kind: 'change',
      diff,
      steps: steps(...update, ...stale.map(removal)),
      after: { manager: true, nodes: [after] },
      result: resultOf(after),
    };
  }
  const why = args.wait && unready(first);
  return why ? { kind: 'wait', why, interval: 1, timeout: args.wait_timeout } : { kind: 'ok', result: resultOf(first) };
}

const lives = ({ status }: SwarmNode) => status !== 'down';
const named = ({ id, addr, status }: SwarmNode) => `${id} (${addr || 'no address'}, ${status})`;

/** A living entry of the hostname: that of another host, or the host's own of before, which is down in a moment. */
function second({ name, former_ids, wait_timeout }: Args, first: SwarmNode, living: SwarmNode): Decision<NodeState> {
  const own = former_ids.includes(living.id) || (living.addr !== '' && living.addr === first.addr);
  if (!own) return several(name, [first, living]);
  return {
    kind: 'wait',
    why: `the former entry ${named(living)} of ${name} is not down yet`,
    interval: 1,
    timeout: wait_timeout,
  };
}

function several(name: string, nodes: SwarmNode[]): Decision<NodeState> {
  return {
    kind: 'fail',
    message: `several living nodes have the hostname ${name}: ${nodes.map(named).join(', ')}`,
    hint: 'Hostnames must be unique in a swarm: give one of the hosts another hostname and restart its Docker, or name the node by its id.',
  };
}

/** The entry that is meant: by its id where that is given, else the only one that is up, else one that is down. */
function chosen({ id }: Args, nodes: SwarmNode[]): SwarmNode | 'several' | undefined {
  if (id !== undefined) return nodes.find((node) => node.id === id);
  const alive = nodes.filter(lives);
  if (alive.length > 1) return 'several';
  return alive[0] ?? nodes[0];
}

function missing({ name, wait, wait_timeout }: Args, others: SwarmNode[], context: DecideContext): Decision<NodeState> {
  const why = `there is no node ${name} in the swarm`;
  // The host is to leave and to join anew; its entry of today will be the one that is down.
  if (context.check && others.length === 1) return { kind: 'change', diff: staleDiff(name, others), steps: [] };
  if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
  if (wait) return { kind: 'wait', why, interval: 1, timeout: wait_timeout };
  return { kind: 'fail', message: why, hint: '`docker node ls` on a manager shows the names.' };
}

function staleDiff(name: string, stale: SwarmNode[]): Diff[] {
  return stale.map((node) => ({ what: `stale entry of ${name}`, before: node.id, after: null }));
}

function drift(args: Args, node: SwarmNode): { diff: Diff[]; options: string[]; after: SwarmNode } {
  const diff: Diff[] = [];
  const options: string[] = [];
  const after = { ...node };
  if (args.role && args.role !== node.role) {
    diff.push({ what: `${node.hostname} role`, before: node.role, after: args.role });
    options.push('--role', args.role);
    after.role = args.role;
  }
  if (args.availability && args.availability !== node.availability) {
    diff.push({ what: `${node.hostname} availability`, before: node.availability, after: args.availability });
    options.push('--availability', args.availability);
    after.availability = args.availability;
  }
  const change = dictionaryChange(
    node.labels,
    args.labels ?? {},
    args.labels !== undefined && args.labels_state === 'replace',
  );
  const removed = [
    ...change.remove,
    ...args.labels_to_remove.filter((name) => name in node.labels && !change.remove.includes(name)),
  ];
  if (Object.keys(change.set).length > 0 || removed.length > 0) {
    after.labels = Object.fromEntries(Object.entries(change.after).filter(([name]) => !removed.includes(name)));
    diff.push({
      what: `${node.hostname} labels`,
      before: formatDictionary(node.labels),
      after: formatDictionary(after.labels),
    });
    for (const [name, value] of Object.entries(change.set)) options.push('--label-add', `${name}=${value}`);
    for (const name of removed) options.push('--label-rm', name);
  }
  return { diff, options, after };
}

/** Says why a node cannot be used yet. */
function unready(node: SwarmNode): string | undefined {
  if (node.status !== 'ready') return `node ${node.hostname} is ${node.status}`;
  if (node.role === 'manager' && node.reachability !== 'reachable')
    return `manager ${node.hostname} is not reachable yet`;
  return undefined;
}

function remove({ name, id }: Args, all: SwarmNode[]): Decision<NodeState> {
  const nodes = id === undefined ? all : all.filter((node) => node.id === id);
  if (nodes.length === 0) return { kind: 'ok' };
  if (nodes.filter(lives).length > 1) return several(name, nodes.filter(lives));
  const diff = nodes.map((node) => ({
    what: `node ${node.hostname}`,
    before: `${node.role}, ${node.status}, ${node.id}`,
    after: null,
  }));
  return { kind: 'change', diff, steps: steps(...nodes.map(removal)), after: { manager: true, nodes: [] } };
}

/** Drains a node that is up, demotes a manager, and removes the entry as soon as the swarm lets it go. */
function removal(node: SwarmNode): Script {
  const drain = sh`docker node update --availability drain ${node.id} >/dev/null || exit
n=0; while [ $n -lt 30 ] && docker node ps ${node.id} --format '{{.CurrentState}}' | grep -q '^Running'; do sleep 1; n=$((n+1)); done
`;
  return sh`${node.status === 'ready' && node.availability !== 'drain' && drain}${
    node.role === 'manager' &&
    sh`docker node demote ${node.id} >/dev/null || exit
`
  }n=0; until said=$(docker node rm --force ${node.id} 2>&1); do [ $n -lt 10 ] || { echo "$said" >&2; exit 1; }; sleep 1; n=$((n+1)); done`;
}

function resultOf(node: SwarmNode): Result {
  return {
    id: node.id,
    hostname: node.hostname,
    role: node.role,
    availability: node.availability,
    labels: node.labels,
    status: node.status,
    addr: node.addr,
  };
}

function steps(...scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
