import type { Failure } from '../events.ts';
import type { Block, Include, Task, TaskNode } from '../playbook/types.ts';
import { runGuarded } from './guarded.ts';
import { loadIncluded } from './include.ts';
import { flatten } from './lookahead.ts';
import { itemScopes } from './loop.ts';
import { runMeta } from './meta.ts';
import type { PlayRun } from './play-state.ts';
import { failureOf } from './result.ts';
import { count } from './run-state.ts';
import type { Run } from './run-state.ts';
import { taskScope, withFacts } from './scope.ts';
import { nameOf, runStep } from './step.ts';
import type { Frame } from './step.ts';

/** Hosts that failed in a list, and why. */
export type Lost = Map<string, Failure>;

/**
 * Runs a list of tasks on these hosts: a task ends on all of them before the next begins. A host that fails gets no
 * more of this list. Returns those that failed.
 */
export async function runList(run: Run, play: PlayRun, nodes: readonly TaskNode[], hosts: readonly string[], frame: Frame): Promise<Lost> {
  const lost: Lost = new Map();
  for (const [i, node] of nodes.entries()) {
    const active = hosts.filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active');
    if (active.length === 0 || play.ended || play.aborted || run.stopping()) break;
    const upcoming = function* () {
      yield* flatten(nodes.slice(i + 1));
      yield* frame.upcoming();
    };
    for (const [host, failure] of await runNode(run, play, node, active, { ...frame, upcoming })) lost.set(host, failure);
    checkThresholds(run, play, node, lost, frame);
  }
  return lost;
}

function runNode(run: Run, play: PlayRun, node: TaskNode, hosts: readonly string[], frame: Frame): Promise<Lost> {
  if (node.kind === 'block') return node.loop ? runLoopedBlock(run, play, node, hosts, frame) : runBlock(run, play, node, hosts, frame);
  if (node.kind === 'include') return runInclude(run, play, node, hosts, frame);
  if (node.module === 'meta') return runMeta(run, play, node, hosts, frame);
  return runStep(run, play, node, hosts, frame);
}

/** block, then rescue for the hosts that failed, then always for all of them. */
async function runBlock(run: Run, play: PlayRun, node: Block, hosts: readonly string[], frame: Frame): Promise<Lost> {
  const covered = frame.covered || node.rescue.length > 0;
  const inner = { ...frame, covered };
  const failed = node.guarded ? await runGuarded(run, play, node, hosts, inner) : await runList(run, play, node.block, hosts, inner);
  let lost = failed;
  if (node.rescue.length && failed.size) {
    for (const [host, failure] of failed) rememberFailure(run, host, failure);
    lost = await runList(run, play, node.rescue, [...failed.keys()], frame);
  }
  if (!node.always.length) return lost;
  const after = await runList(run, play, node.always, hosts.filter((h) => run.hosts.get(h)?.state === 'active'), { ...frame, upcoming: () => [] });
  return new Map([...lost, ...after]);
}

/** What a rescue may read of the failure it mends. */
function rememberFailure(run: Run, host: string, failure: Failure): void {
  run.vars.setResult(host, 'ansible_failed_result', { failed: true, msg: failure.message, ...failure }, 'rescue');
  run.vars.setResult(host, 'ansible_failed_task', { name: failure.message }, 'rescue');
}

/**
 * The block once per item. Hosts may have different items: turn n is made by those that have an nth one, and the
 * loop's variables are put beneath the block's tasks.
 */
async function runLoopedBlock(run: Run, play: PlayRun, node: Block, hosts: readonly string[], frame: Frame): Promise<Lost> {
  const lost: Lost = new Map();
  const turns = new Map<string, unknown[]>();
  for (const host of hosts) {
    try {
      const all = await withFacts(run, play, () => itemScopes(run, node, taskScope(run, play, node, host)));
      turns.set(host, all.map((t) => t.item));
    } catch (error) {
      fail(run, play, node, host, error, lost, frame);
    }
  }
  const most = Math.max(0, ...[...turns.values()].map((t) => t.length));
  for (let i = 0; i < most; i++) {
    const now = hosts.filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active' && (turns.get(h)?.length ?? 0) > i);
    const { loop: _loop, ...once } = node;
    for (const host of now) {
      const names = { [node.loop!.loopVar]: turns.get(host)![i], ...(node.loop!.indexVar && { [node.loop!.indexVar]: i }) };
      enterLoop(play, host, names);
    }
    const ended = await runBlock(run, play, once, now, { ...frame, upcoming: () => [] });
    for (const host of now) leaveLoop(play, host);
    for (const [host, failure] of ended) lost.set(host, failure);
  }
  return lost;
}

/** Hosts that mean the same file run it together, in the order in which the files first come up. */
async function runInclude(run: Run, play: PlayRun, node: Include, hosts: readonly string[], frame: Frame): Promise<Lost> {
  const lost: Lost = new Map();
  const groups = new Map<string, { hosts: string[]; loopVars: Record<string, unknown>; target: string; tasksFrom?: string }>();
  for (const host of hosts) {
    try {
      for (const turn of await withFacts(run, play, () => includeTurns(run, play, node, host))) {
        const key = JSON.stringify([turn.target, turn.tasksFrom, turn.loopVars]);
        const group = groups.get(key) ?? { ...turn, hosts: [] };
        group.hosts.push(host);
        groups.set(key, group);
      }
    } catch (error) {
      fail(run, play, node, host, error, lost, frame);
    }
  }
  for (const group of groups.values()) {
    const now = group.hosts.filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active');
    if (!now.length) continue;
    try {
      const included = await loadIncluded(run, play, node, group.target, group.tasksFrom);
      for (const host of now) enterLoop(play, host, group.loopVars);
      for (const [host, failure] of await runList(run, play, included, now, { ...frame, upcoming: () => [] })) lost.set(host, failure);
      for (const host of now) leaveLoop(play, host);
    } catch (error) {
      for (const host of now) fail(run, play, node, host, error, lost, frame);
    }
  }
  return lost;
}

function enterLoop(play: PlayRun, host: string, vars: Record<string, unknown>): void {
  play.loopVars.set(host, [...(play.loopVars.get(host) ?? []), vars]);
}

function leaveLoop(play: PlayRun, host: string): void {
  play.loopVars.get(host)?.pop();
}

function includeTurns(run: Run, play: PlayRun, node: Include, host: string) {
  const scope = taskScope(run, play, node, host);
  const whenNow = !node.loop && node.when.length > 0;
  if (whenNow && !run.renderer.test(node.when, scope)) return [];
  return itemScopes(run, node, scope).flatMap(({ scope: turn, item }, index) => {
    if (!whenNow && node.when.length && !run.renderer.test(node.when, turn)) return [];
    const { loop } = node;
    const tasksFrom = node.tasksFrom && String(run.renderer.render(node.tasksFrom.value, turn, node.tasksFrom.at));
    return [
      {
        target: String(run.renderer.render(node.target.value, turn, node.target.at)),
        ...(tasksFrom && { tasksFrom }),
        loopVars: loop ? { [loop.loopVar]: item, ...(loop.indexVar && { [loop.indexVar]: index }) } : {},
      },
    ];
  });
}

/** A block or include that could not even begin on a host: told as a task of its own. */
function fail(run: Run, play: PlayRun, node: Block | Include, host: string, error: unknown, lost: Lost, frame: Frame): void {
  const failure = failureOf(error, node.at);
  const module = node.kind === 'block' ? 'block' : `include_${node.what}`;
  const ref = { id: node.id, task: nameOf(run, play, { ...node, module } as never, [host]), module, at: node.at };
  const status = frame.covered ? 'rescued' : 'failed';
  run.emit({ type: 'task_start', hosts: [host], ...ref });
  count(run, host, status);
  run.emit({ type: 'task_end', ...ref, host, status, duration_ms: 0, error: failure });
  run.emit({ type: 'task_done', ...ref });
  lost.set(host, failure);
}

/** any_errors_fatal and max_fail_percentage: too many failures end the play for everybody. */
function checkThresholds(run: Run, play: PlayRun, node: TaskNode, lost: Lost, frame: Frame): void {
  if (!lost.size || frame.covered || play.aborted) return;
  const [first] = lost.keys();
  const scope = taskScope(run, play, node, first!);
  const fatal = (node as Task).anyErrorsFatal ?? play.play.anyErrorsFatal;
  if (fatal && run.renderer.render(fatal.value, scope, fatal.at) === true) {
    play.aborted = `${[...lost.keys()].join(', ')} failed, and any_errors_fatal is set`;
    return;
  }
  const raw = play.play.maxFailPercentage;
  if (!raw) return;
  const most = Number(run.renderer.render(raw.value, scope, raw.at));
  const down = play.batch.filter((h) => lost.has(h) || ['failed', 'unreachable'].includes(run.hosts.get(h)?.state ?? '')).length;
  if ((down / play.batch.length) * 100 > most) play.aborted = `${down} of ${play.batch.length} hosts failed, more than max_fail_percentage ${most}`;
}
