import type { Failure, TaskRef } from '../../model/events.ts';
import type { Block, Task } from '../../model/playbook.ts';
import type { Step } from '../../model/module.ts';
import { applyGuarded, guardTask, timeoutOf } from './change.ts';
import { flatten } from '../action/lookahead.ts';
import { intend } from '../play/notify.ts';
import type { PlayRun } from '../play/play-state.ts';
import { changed, failed, failureOf, ok, skipped } from '../task/result.ts';
import type { TaskResult } from '../task/result.ts';
import type { Run } from '../run/run-state.ts';
import { taskScope } from '../task/scope.ts';
import { conclude, taskRun } from '../task/step.ts';
import { nameOf } from '../task/task-ref.ts';
import type { Frame } from '../play/frame.ts';
import { performTask } from '../task/task.ts';

/** What one host's tasks of a guarded block came to, before any of it is done. */
interface Plan {
  ends: { task: Task; ended: TaskResult; steps: Step[] }[];
  failure?: Failure;
}

/**
 * A guarded block: all its tasks decide first, each seeing what the earlier ones will have done; then all their
 * steps are one script, applied on the target under a timer that takes everything back unless it is confirmed over a
 * fresh log-in. See docs/guarded.md.
 */
export async function runGuarded(
  play: PlayRun,
  node: Block,
  hosts: readonly string[],
  frame: Frame,
): Promise<Map<string, Failure>> {
  const { run } = play;
  const tasks = [...flatten(node.block)];
  const lost = new Map<string, Failure>();
  const guard: TaskRef = {
    id: node.id,
    task: nameOf(play, { ...node, module: 'guarded' }, hosts),
    module: 'guarded',
    at: node.guarded!.at,
  };
  run.emit({ type: 'task_start', hosts: [...hosts], ...guard });
  const runs = new Map(tasks.map((task) => [task, taskRun(play, task, hosts, frame)]));
  const whole = { ...taskRun(play, guardTask(node), hosts, frame), ref: guard };
  await Promise.all(
    hosts.map(async (name) => {
      const began = Date.now();
      run.emit({ type: 'host_start', id: guard.id, host: name });
      const host = run.hosts.get(name)!;
      const plan = await planOn(play, node, tasks, name);
      const outcome = plan.failure ? { failure: plan.failure } : await carryOut(play, node, name, plan, frame);
      for (const { task, ended } of plan.ends)
        conclude(runs.get(task)!, host, settled(run, ended, outcome.failure, plan), 0);
      const end = endOf(play, node, plan, outcome.failure, name);
      const own = conclude(whole, host, end, Date.now() - began);
      const failure = plan.failure ?? own;
      if (failure) lost.set(name, failure);
    }),
  );
  for (const ref of [guard, ...[...runs.values()].map(({ ref }) => ref)]) run.emit({ type: 'task_done', ...ref });
  return lost;
}

async function planOn(play: PlayRun, node: Block, tasks: readonly Task[], name: string): Promise<Plan> {
  const { run } = play;
  const host = run.hosts.get(name)!;
  const plan: Plan = { ends: [] };
  const expected = [...node.block];
  if (
    expected.some(
      (n) =>
        n.kind === 'include' || (n.kind === 'block' && (n.loop || n.guarded || n.rescue.length || n.always.length)),
    )
  ) {
    return {
      ends: [],
      failure: { code: 'E_GUARDED', message: 'a guarded block holds tasks and plain blocks only', at: node.at },
    };
  }
  // What tasks with check_mode: true planned before this block has not happened.
  if (!run.check) host.planned.clear();
  for (const task of tasks) {
    host.collected = [];
    const ended = await performTask(
      play,
      task,
      host,
      () => [],
      () => undefined,
    );
    plan.ends.push({ task, ended, steps: host.collected });
    if (task.register) run.vars.setResult(name, task.register, ended.result, 'guarded block');
    if (ended.error) {
      plan.failure = ended.error;
      break;
    }
  }
  delete host.collected;
  if (!run.check) host.planned.clear();
  return plan;
}

async function carryOut(
  play: PlayRun,
  node: Block,
  name: string,
  plan: Plan,
  frame: Frame,
): Promise<{ failure?: Failure }> {
  const { run } = play;
  const steps = plan.ends.flatMap(({ steps }, task) => steps.map((step) => ({ step, task })));
  if (run.check || steps.length === 0) return {};
  const host = run.hosts.get(name)!;
  for (const { task, ended } of plan.ends)
    if (ended.status !== 'ok') await intend(play, task, host, taskScope(play, task, name));
  try {
    await applyGuarded(play, node, name, steps, frame);
    return {};
  } catch (error) {
    return { failure: failureOf(error, node.guarded!.at) };
  }
}

/** What a planned task ended as, now that the whole has been kept or taken back. */
function settled(run: Run, ended: TaskResult, failure: Failure | undefined, plan: Plan): TaskResult {
  if (run.check || ended.error) return ended;
  const would = ended.status === 'changed' || ended.status === 'unknown';
  if (failure && would)
    return skipped(
      plan.failure ? 'not done, because another task of the guarded block failed' : 'taken back with the guarded block',
    );
  if (ended.status !== 'unknown') return ended;
  return changed(undefined, ended.result);
}

function endOf(play: PlayRun, node: Block, plan: Plan, failure: Failure | undefined, name: string): TaskResult {
  const { run } = play;
  if (plan.failure) return skipped('nothing was done, because a task of the block cannot be');
  if (failure) return failed(failure);
  const seconds = timeoutOf(play, node, name);
  const count = plan.ends.reduce((n, { steps }) => n + steps.length, 0);
  if (count === 0) return ok({}, 'nothing to change');
  const message = run.check
    ? `would be applied under a rollback timer of ${seconds} s`
    : 'applied and confirmed over a fresh log-in';
  return ok({}, message);
}
