import { XrunError } from '../../diagnostics/errors.ts';
import type { Expr } from '../../model/playbook.ts';
import type { Result } from '../../model/module.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import { act, mayBeDifferent, unforeseen } from '../action/action.ts';
import { prepare } from '../action/prepare.ts';
import type { Run } from '../run/run-state.ts';
import { wait } from '../run/wait.ts';
import type { TaskContext } from './context.ts';
import { judge, withResult } from './judge.ts';
import { asNumber } from './numbers.ts';
import { dependsOnUnknown, failed, failureOf, interrupted } from './result.ts';
import type { TaskResult } from './result.ts';
import { times } from './times.ts';
import { unlessEarly } from './unknown-results.ts';

/** Again and again until `until` holds (without `until`: until it does not fail). */
export async function retry(context: TaskContext): Promise<TaskResult> {
  const { run, task, scope } = context;
  const number = (keyword: 'retries' | 'delay' | 'backoff', otherwise: number) =>
    task[keyword] ? asNumber(run, keyword, task[keyword], scope) : otherwise;
  const retries = number('retries', 3);
  let delay = number('delay', 5) * 1000;
  let first: string | undefined;
  for (let count = 1; ; count++) {
    const ended = withFields(await attempt(context), { attempts: count });
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
export async function attempt(context: TaskContext): Promise<TaskResult> {
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
  ended = withFields(ended, timesOf(context, ended, began));
  for (const field of (await run.modules.load(task.module)).secretResults ?? []) taint(run, ended.result[field]);
  return unlessEarly(run, task, context.host, judge(context, ended));
}

/** How long an attempt took, in the fields that its module's users read. */
function timesOf({ task }: TaskContext, { result }: TaskResult, began: number): Result {
  const now = Date.now();
  return {
    duration_ms: now - began,
    ...(task.traits.timed === 'elapsed' && { elapsed: Math.floor((now - began) / 1000) }),
    ...(task.traits.timed === 'span' && 'rc' in result && times(began, now)),
  };
}

function withFields(ended: TaskResult, fields: Result): TaskResult {
  return { ...ended, result: { ...ended.result, ...fields } };
}

function taint(run: Run, value: unknown): void {
  if (typeof value === 'string') run.secrets.add(value);
  else if (value && typeof value === 'object') for (const inner of Object.values(value)) taint(run, inner);
}
