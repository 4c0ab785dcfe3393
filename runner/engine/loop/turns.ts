import { XrunError } from '../../diagnostics/errors.ts';
import type { Failure } from '../../model/events.ts';
import type { Task } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import { notifiedBy } from '../play/notify.ts';
import type { Run } from '../run/run-state.ts';
import { wait } from '../run/wait.ts';
import { changed, failed, failureOf, interrupted, ok, skipped, unknown } from '../task/result.ts';
import type { TaskResult } from '../task/result.ts';
import { registered } from '../task/unknown-results.ts';
import { itemScopes, pauseOf } from './loop.ts';
import type { Iteration } from './loop.ts';

/** Reports the end of one item while the loop goes on. */
export type OnItem = (label: string, ended: TaskResult, ms: number) => void;

/** The turns of a task's loop on one host, one after another; `perform` runs one and never rejects. */
export async function performLoop(
  run: Run,
  task: Task,
  scope: Scope,
  perform: (turn: Iteration) => Promise<TaskResult>,
  onItem: OnItem,
): Promise<TaskResult> {
  const turns = loopTurns(run, task, scope);
  if (!turns) return skipped('a condition of the task does not hold');
  const ends: TaskResult[] = [];
  for (const turn of turns) {
    if (run.stopping()) throw interrupted();
    if (ends.length) await wait(pauseOf(run, task, scope), run.options.signal);
    const began = Date.now();
    const ended = notifiedOf(run, task, turn.scope, withItem(task, turn, await perform(turn)));
    ends.push(ended);
    onItem(turn.label ?? '', ended, Date.now() - began);
    if (ended.status === 'unreachable') break;
  }
  return { ...combine(ends, task), notified: ends.flatMap((e) => e.notified ?? []) };
}

/** The end of an item with what `register` keeps of the turn. */
function withItem(task: Task, { item, index, names }: Iteration, ended: TaskResult): TaskResult {
  const loopVar = String(names?.ansible_loop_var ?? task.loop!.loopVar);
  const indexVar = names?.ansible_index_var;
  const kept = {
    [loopVar]: item,
    ansible_loop_var: loopVar,
    ...(indexVar !== undefined && { ansible_index_var: indexVar, [String(indexVar)]: index }),
  };
  return { ...ended, result: { ...ended.result, ...kept } };
}

/** The end of an item with what it notifies: each makes the handler's name anew. */
function notifiedOf(run: Run, task: Task, scope: Scope, ended: TaskResult): TaskResult {
  try {
    const own = task.register ? scope.with({ [task.register]: registered(task, ended) }) : scope;
    return { ...ended, notified: notifiedBy(run, task, own, ended) };
  } catch (error) {
    return failed(failureOf(error, task.at), ended.result);
  }
}

/** The turns, or undefined where the items cannot even be read because a condition already rules the task out. */
function loopTurns(run: Run, task: Task, scope: Scope): Iteration[] | undefined {
  try {
    return itemScopes(run, task, scope);
  } catch (error) {
    if (error instanceof XrunError && task.when.length && ruledOut(run, task, scope)) return undefined;
    throw error;
  }
}

function ruledOut(run: Run, task: Task, scope: Scope): boolean {
  try {
    return !run.renderer.test(task.when, scope);
  } catch {
    return false;
  }
}

/** One status for all items, and `results` for `register`. */
function combine(ends: readonly TaskResult[], task: Task): TaskResult {
  const results = ends.map((e) => registered(task, e));
  const worst = ends.find((e) => e.status === 'unreachable') ?? ends.find((e) => e.status === 'failed');
  const diff = ends.flatMap((e) => e.diff ?? []);
  const withDiff = (ended: TaskResult): TaskResult => (diff.length ? { ...ended, diff } : ended);
  const anyChanged = ends.some((e) => e.status === 'changed' || e.result.changed === true);
  if (worst) {
    const bad = ends.filter((e) => e.status === 'failed' || e.status === 'unreachable').length;
    const message =
      ends.length > 1
        ? `${bad} of ${ends.length} items failed; first: ${worst.error?.message}`
        : (worst.error?.message ?? '');
    return withDiff(
      failed(
        { ...(worst.error as Failure), message },
        { results, changed: anyChanged, skipped: false, msg: 'One or more items failed' },
      ),
    );
  }
  const unsure = ends.find((e) => e.status === 'unknown');
  if (unsure) return { ...unsure, ...unknown(unsure.message ?? '', { results, ...(anyChanged && { changed: true }) }) };
  if (anyChanged)
    return {
      ...withDiff(changed(undefined, { results, skipped: false, msg: 'All items completed' })),
      planned: ends.some((e) => e.planned),
    };
  if (ends.length && ends.every((e) => e.status === 'skipped'))
    return {
      ...skipped('every item was skipped'),
      result: { changed: false, failed: false, skipped: true, msg: 'All items skipped', results },
    };
  if (!ends.length)
    return {
      ...skipped('the loop has no items'),
      result: { changed: false, failed: false, skipped: true, skipped_reason: 'No items in the list', results },
    };
  return ok({ results, skipped: false, msg: 'All items completed' });
}
