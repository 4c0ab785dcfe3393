import type { Task } from '../../model/playbook.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import { asBoolean, contextOf } from './context.ts';
import { includeVars } from './engine-tasks.ts';
import { interrupted } from './result.ts';
import type { HostRun } from './host-run.ts';
import type { Iteration } from '../loop/loop.ts';
import { performLoop } from '../loop/turns.ts';
import type { OnItem } from '../loop/turns.ts';
import type { PlayRun } from '../play/play-state.ts';
import { attempt, retry } from './attempts.ts';
import { dependsOnUnknown, failed, failureOf, skipped } from './result.ts';
import type { TaskResult } from './result.ts';
import type { Run } from '../run/run-state.ts';
import { withFacts } from './facts.ts';
import { taskScope } from './scope.ts';
import { leaveUnknown } from './unknown-results.ts';

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
      // Within a loop the next turn of the same task comes first.
      const next = function* () {
        yield task;
        yield* upcoming();
      };
      const perform = (turn: Iteration) =>
        withFacts(play, host.name, () => performTurn(play, task, host, turn, next)).catch((error: unknown) =>
          endWith(run, task, host, error),
        );
      return performLoop(run, task, scope, perform, onItem);
    });
  } catch (error) {
    return endWith(run, task, host, error);
  }
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
