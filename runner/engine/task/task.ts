import { XrunError } from '../../diagnostics/errors.ts';
import type { Failure } from '../../model/events.ts';
import type { Expr, Task } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import { act, mayBeDifferent, unforeseen } from '../action/action.ts';
import { asBoolean, contextOf } from './context.ts';
import type { TaskContext } from './context.ts';
import { includeVars } from './engine-tasks.ts';
import { interrupted } from './result.ts';
import type { HostRun } from './host-run.ts';
import { itemScopes, pauseOf } from './loop.ts';
import type { Iteration } from './loop.ts';
import { notifiedBy } from '../play/notify.ts';
import { asNumber } from './numbers.ts';
import type { PlayRun } from '../play/play-state.ts';
import { prepare } from '../action/prepare.ts';
import { changed, dependsOnUnknown, failed, failureOf, ok, skipped, unknown } from './result.ts';
import type { TaskResult } from './result.ts';
import type { Run } from '../run/run-state.ts';
import { withFacts } from './facts.ts';
import { taskScope } from './scope.ts';
import { leaveUnknown, registered, unlessEarly } from './unknown-results.ts';
import { times } from './times.ts';
import { wait } from '../run/wait.ts';
import { judge, withResult } from './judge.ts';

/** Reports the end of one item while the loop goes on. */
type OnItem = (label: string, ended: TaskResult, ms: number) => void;

/** Runs a task on one host to its end. Never rejects: whatever happens is in what it returns. */
export async function performTask(
  play: PlayRun,
  task: Task,
  host: HostRun,
  upcoming: () => Iterable<Task>,
  onItem: OnItem,
): Promise<TaskResult> {
  const { run } = play;
  try {
    return await withFacts(play, host.name, async () => {
      if (run.stopping()) throw interrupted();
      const scope = taskScope(play, task, host.name);
      if (!task.loop) return performTurn(play, task, host, { scope }, upcoming);
      return performLoop(play, task, host, scope, { upcoming, onItem });
    });
  } catch (error) {
    return endWith(run, task, host, error);
  }
}

async function performLoop(
  play: PlayRun,
  task: Task,
  host: HostRun,
  scope: Scope,
  { upcoming, onItem }: { upcoming: () => Iterable<Task>; onItem: OnItem },
): Promise<TaskResult> {
  const { run } = play;
  const turns = loopTurns(run, task, scope);
  if (!turns) return skipped('a condition of the task does not hold');
  const ends: TaskResult[] = [];
  const self = function* () {
    yield task;
    yield* upcoming();
  };
  for (const turn of turns) {
    if (run.stopping()) throw interrupted();
    if (ends.length) await wait(pauseOf(run, task, scope), run.options.signal);
    const began = Date.now();
    const ended = await withFacts(play, host.name, () => performTurn(play, task, host, turn, self)).catch(
      (e: unknown) => endWith(run, task, host, e),
    );
    const loopVar = String(turn.names?.ansible_loop_var ?? task.loop!.loopVar);
    ended.result = {
      ...ended.result,
      [loopVar]: turn.item,
      ansible_loop_var: loopVar,
      ...(turn.names?.ansible_index_var !== undefined && {
        ansible_index_var: turn.names.ansible_index_var,
        [String(turn.names.ansible_index_var)]: turn.index,
      }),
    };
    const named = notifiedOf(run, task, turn.scope, ended);
    ends.push(named);
    onItem(turn.label ?? '', named, Date.now() - began);
    if (ended.status === 'unreachable') break;
  }
  return { ...combine(ends, task), notified: ends.flatMap((e) => e.notified ?? []) };
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
function combine(ends: TaskResult[], task: Task): TaskResult {
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

async function performTurn(
  play: PlayRun,
  task: Task,
  host: HostRun,
  turn: Iteration,
  upcoming: () => Iterable<Task>,
): Promise<TaskResult> {
  const { run } = play;
  if (task.when.length && !run.renderer.test(task.when, turn.scope)) return skipped('a condition does not hold');
  if (task.traits.changesVariables === 'files') return includeVars(play, task, host, turn.scope);
  const context = contextOf(play, task, host, turn, upcoming);
  return task.until || task.retries ? retry(context) : attempt(context);
}

/** Again and again until `until` holds (without `until`: until it does not fail). */
async function retry(context: TaskContext): Promise<TaskResult> {
  const { run, task, scope } = context;
  const number = (keyword: 'retries' | 'delay' | 'backoff', otherwise: number) =>
    task[keyword] ? asNumber(run, keyword, task[keyword], scope) : otherwise;
  const retries = number('retries', 3);
  let delay = number('delay', 5) * 1000;
  let first: string | undefined;
  for (let count = 1; ; count++) {
    const ended = await attempt(context);
    ended.result.attempts = count;
    if (ended.status === 'unknown' || ended.status === 'unreachable') return ended;
    const done = task.until ? holds(task.until, context, ended) : !ended.error;
    if (done) return ended;
    if (count > retries) return count === 1 && ended.error ? ended : outOfRetries(context, ended, count, first);
    first ??= ended.error?.message;
    run.emit({
      type: 'retry',
      id: task.id,
      host: context.host.name,
      attempt: count,
      retries,
      why: context.noLog ? 'hidden, because the task says no_log' : (ended.error?.message ?? 'until does not hold yet'),
    });
    await wait(delay, run.options.signal);
    delay *= number('backoff', 1);
    if (run.stopping()) throw interrupted();
  }
}

/** `until`; a result that lacks what it reads because the attempt failed is one where it does not hold. */
function holds(until: Expr[], context: TaskContext, ended: TaskResult): boolean {
  try {
    return context.run.renderer.test(until, withResult(context, ended));
  } catch (error) {
    if (ended.error && error instanceof XrunError && error.code === 'E_UNDEFINED') return false;
    throw error;
  }
}

/** The first failure is reported as well: what came after it may be only its consequence. */
function outOfRetries(
  context: TaskContext,
  ended: TaskResult,
  attempts: number,
  first: string | undefined,
): TaskResult {
  const last = ended.error?.message ?? 'its until condition does not hold';
  const why = first === undefined || first === last ? last : `${last}; at first: ${first}`;
  return failed(
    { code: 'E_RETRIES', at: context.task.at, ...ended.error, message: `after ${attempts} attempts: ${why}` },
    ended.result,
  );
}

/** Failures on the host, which failed_when, until and retries may judge; all others are errors of the playbook. */
const judgeable = new Set(['E_TIMEOUT', 'E_COMMAND', 'E_NOT_CONVERGED', 'E_ASYNC']);

/** One call of the module, judged by changed_when and failed_when. */
async function attempt(context: TaskContext): Promise<TaskResult> {
  const { run, task } = context;
  const began = Date.now();
  let ended: TaskResult;
  try {
    ended = await act(context, context.host.prepared.take(context) ?? (await prepare(context)));
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    if (error instanceof NotKnown && run.check)
      return { ...dependsOnUnknown(error.why), acts: (await run.modules.load(task.module)).probe !== undefined };
    if (error.code === 'E_PROBE' && mayBeDifferent(context)) return unforeseen(context, error.message);
    ended = failed(failureOf(error, task.at));
    if (ended.status === 'failed' && !judgeable.has(error.code)) throw error;
  }
  const now = Date.now();
  ended.result.duration_ms = now - began;
  if (task.traits.timed === 'elapsed') ended.result.elapsed = Math.floor((now - began) / 1000);
  if (task.traits.timed === 'span' && 'rc' in ended.result) ended.result = { ...ended.result, ...times(began, now) };
  for (const field of (await run.modules.load(task.module)).secretResults ?? []) taint(run, ended.result[field]);
  return unlessEarly(run, task, context.host, judge(context, ended));
}

function taint(run: Run, value: unknown): void {
  if (typeof value === 'string') run.secrets.add(value);
  else if (value && typeof value === 'object') for (const inner of Object.values(value)) taint(run, inner);
}

/** What an error means: in check mode, reading a value that no check can know is not a failure. */
function endWith(run: Run, task: Task, host: HostRun, error: unknown): TaskResult {
  if (!run.check || !(error instanceof NotKnown)) return failed(failureOf(error, task.at));
  leaveUnknown(run, task, host, error.why);
  return dependsOnUnknown(error.why);
}

/** Whether the host may go on after this end. */
export function forgiven(play: PlayRun, task: Task, host: HostRun, ended: TaskResult): boolean {
  const { run } = play;
  const raw = ended.status === 'unreachable' ? task.ignoreUnreachable : task.ignoreErrors;
  return raw !== undefined && asBoolean(run, raw, taskScope(play, task, host.name));
}
