import { XrunError } from '../../diagnostics/errors.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import type { Failure } from '../../model/events.ts';
import type { Scope } from '../../model/variables.ts';
import type { TaskContext } from './context.ts';
import { failed } from './result.ts';
import type { TaskResult } from './result.ts';
import { registered } from './unknown-results.ts';

/** What changed_when and failed_when make of a result. Throws what their conditions throw. */
export function judge(context: TaskContext, ended: TaskResult): TaskResult {
  const { run, task } = context;
  if (ended.status === 'unknown') return judgeUnknown(context, ended);
  if (ended.status === 'unreachable') return ended;
  let judged = task.changedWhen.length ? changedAsSaid(context, ended) : ended;
  if (task.failedWhen.length) {
    const fails = run.renderer.test(task.failedWhen, withResult(context, judged));
    if (fails && !judged.error)
      judged = {
        ...judged,
        ...failed(
          { code: 'E_FAILED_WHEN', message: 'failed_when holds', at: task.failedWhen[0]!.at, ...outputOf(judged) },
          { ...judged.result, failed: true },
        ),
      };
    else if (!fails && judged.error) judged = forgive(judged);
    judged = { ...judged, result: { ...judged.result, failed_when_result: fails } };
  }
  return judged;
}

/** What changed_when makes of a result, before failed_when reads it; also of one that failed, unless that lacks what is read. */
function changedAsSaid(context: TaskContext, ended: TaskResult): TaskResult {
  const { run, task } = context;
  let changed: boolean;
  try {
    changed = run.renderer.test(task.changedWhen, withResult(context, ended));
  } catch (error) {
    if (ended.error && error instanceof XrunError && error.code === 'E_UNDEFINED') return ended;
    throw error;
  }
  const { diff, ...rest } = ended;
  return {
    ...rest,
    ...(changed && diff && { diff }),
    result: { ...ended.result, changed },
    ...(!ended.error && { status: changed ? ('changed' as const) : ('ok' as const) }),
  };
}

/** A task that a check did not carry out: `changed_when` may know all the same, where it does not ask the result. */
function judgeUnknown(context: TaskContext, ended: TaskResult): TaskResult {
  const { run, task } = context;
  if (!task.changedWhen.length) return ended;
  try {
    const changes = run.renderer.test(task.changedWhen, withResult(context, ended));
    return { ...ended, result: { ...ended.result, changed: changes } };
  } catch (error) {
    if (error instanceof NotKnown) return ended;
    throw error;
  }
}

/** failed_when said that this is not a failure. */
function forgive(ended: TaskResult): TaskResult {
  const { error: _error, ...rest } = ended;
  return {
    ...rest,
    status: ended.result.changed === true ? 'changed' : 'ok',
    result: { ...ended.result, failed: false },
  };
}

function outputOf(ended: TaskResult): Partial<Failure> {
  const { rc, stdout, stderr } = ended.result;
  return {
    ...(typeof rc === 'number' && { rc }),
    ...(typeof stdout === 'string' && { stdout }),
    ...(typeof stderr === 'string' && { stderr }),
  };
}

/** The task's scope with its result by the registered name, and as `result`. */
export function withResult(context: TaskContext, ended: TaskResult): Scope {
  const { task, scope } = context;
  const result = registered(task, ended);
  return scope.with({ result, ...(task.register && { [task.register]: result }) });
}
