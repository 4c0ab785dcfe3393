import type { Block, TaskNode } from '../../model/playbook.ts';
import { failBefore } from './failing.ts';
import { runGuarded } from '../guard/block.ts';
import { flatten } from '../action/lookahead.ts';
import { enterLoop, itemScopes, leaveLoop, pauseOf } from '../loop/loop.ts';
import type { Iteration } from '../loop/loop.ts';
import { runMeta } from './meta.ts';
import type { PlayRun } from './play-state.ts';
import { runInclude } from './run-include.ts';
import { withFacts } from '../task/facts.ts';
import { taskScope } from '../task/scope.ts';
import { runTask } from '../task/step.ts';
import type { Frame, FailedHosts } from './frame.ts';
import { checkThresholds } from './threshold.ts';
import { wait } from '../run/wait.ts';

/**
 * Runs a list of tasks on these hosts: a task ends on all of them before the next begins. A host that fails gets no
 * more of this list. Returns those that failed.
 */
export async function runList(
  play: PlayRun,
  nodes: readonly TaskNode[],
  hosts: readonly string[],
  frame: Frame,
): Promise<FailedHosts> {
  const { run } = play;
  const lost: FailedHosts = new Map();
  for (const [i, node] of nodes.entries()) {
    const active = hosts.filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active');
    if (active.length === 0 || play.ended || (play.aborted && !frame.cleanup) || run.stopping()) break;
    const upcoming = function* () {
      yield* flatten(nodes.slice(i + 1));
      yield* frame.upcoming();
    };
    const failures = await runNode(play, node, active, { ...frame, upcoming });
    const taken = checkThresholds(play, node, failures, active, frame);
    for (const [host, failure] of [...failures, ...taken]) lost.set(host, failure);
  }
  return lost;
}

function runNode(play: PlayRun, node: TaskNode, all: readonly string[], frame: Frame): Promise<FailedHosts> {
  const hosts =
    node.kind === 'block' && node.unlessRan ? all.filter((h) => !play.rolesRun.has(`${node.unlessRan} ${h}`)) : all;
  if (hosts.length === 0) return Promise.resolve(new Map());
  if (node.kind === 'block')
    return node.loop ? runLoopedBlock(play, node, hosts, frame) : runBlock(play, node, hosts, frame);
  if (node.kind === 'include') return runInclude(play, node, hosts, frame);
  if (node.traits.controlsFlow) return runMeta(play, node, hosts, frame);
  return runTask(play, node, hosts, frame);
}

/** block, then rescue for the hosts that failed, then always for all of them, even where the play is over. */
async function runBlock(play: PlayRun, node: Block, hosts: readonly string[], frame: Frame): Promise<FailedHosts> {
  const { run } = play;
  const covered = frame.covered || node.rescue.length > 0;
  const inner = { ...frame, covered };
  let lost = node.guarded ? await runGuarded(play, node, hosts, inner) : await runList(play, node.block, hosts, inner);
  if (node.rescue.length && lost.size) lost = await runList(play, node.rescue, [...lost.keys()], frame);
  if (!node.always.length) return lost;
  const left = hosts.filter((h) => run.hosts.get(h)?.state === 'active');
  const after = await runList(play, node.always, left, { ...frame, cleanup: true, upcoming: () => [] });
  // clear_host_errors in an always: what failed before it is forgotten, and the host goes on behind the block.
  for (const host of left) if (lost.has(host) && play.cleared.delete(host)) lost.delete(host);
  return new Map([...lost, ...after]);
}

/**
 * The block once per item. Hosts may have different items: turn n is made by those that have an nth one, and the
 * loop's variables are put beneath the block's tasks.
 */
async function runLoopedBlock(
  play: PlayRun,
  node: Block,
  hosts: readonly string[],
  frame: Frame,
): Promise<FailedHosts> {
  const { run } = play;
  const lost: FailedHosts = new Map();
  const turns = new Map<string, Iteration[]>();
  const { loop: _loop, ...once } = node;
  for (const host of hosts) {
    try {
      turns.set(host, await withFacts(play, host, () => itemScopes(run, node, taskScope(play, node, host))));
    } catch (error) {
      const failure = failBefore(play, node, host, error, frame);
      if (failure) lost.set(host, failure);
    }
  }
  const most = Math.max(0, ...[...turns.values()].map((t) => t.length));
  for (let i = 0; i < most; i++) {
    const now = hosts.filter(
      (h) => !lost.has(h) && run.hosts.get(h)?.state === 'active' && (turns.get(h)?.length ?? 0) > i,
    );
    if (i > 0 && now.length) await wait(pauseOf(run, node, taskScope(play, node, now[0]!)), run.options.signal);
    for (const host of now) enterLoop(play, host, turns.get(host)![i]!.names ?? {});
    const ended = await runBlock(play, once, now, { ...frame, upcoming: () => [] });
    for (const host of now) leaveLoop(play, host);
    for (const [host, failure] of ended) lost.set(host, failure);
  }
  return lost;
}
