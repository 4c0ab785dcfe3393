import type { Failure } from '../../model/events.ts';
import type { Block, Include } from '../../model/playbook.ts';
import { asBoolean } from '../task/context.ts';
import type { PlayRun } from './play-state.ts';
import { dependsOnUnknown, failed, failureOf } from '../task/result.ts';
import type { TaskResult } from '../task/result.ts';
import { count } from '../run/run-state.ts';
import type { Run } from '../run/run-state.ts';
import { taskScope } from '../task/scope.ts';
import { nameOf } from '../task/task-ref.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import type { Frame } from './frame.ts';

/**
 * A block or include that could not even begin on a host: reported as a task of its own. Returns the failure where the host
 * may not go on.
 */
export function failBefore(
  play: PlayRun,
  node: Block | Include,
  host: string,
  error: unknown,
  frame: Frame,
): Failure | undefined {
  const { run } = play;
  if (run.check && error instanceof NotKnown) return unknownBefore(play, node, host, error);
  const failure = failureOf(error, node.at);
  const module = node.kind === 'block' ? 'block' : `include_${node.what}`;
  const ref = { id: node.id, task: nameOf(play, { ...node, module } as never, [host]), module, at: node.at };
  const ignored = ignores(play, node, host);
  const status = ignored ? 'ignored' : frame.covered ? 'rescued' : 'failed';
  run.emit({ type: 'task_start', hosts: [host], ...ref });
  count(run, host, status);
  run.emit({ type: 'task_end', ...ref, host, status, duration_ms: 0, error: failure });
  run.emit({ type: 'task_done', ...ref });
  if (node.kind === 'include' && node.register !== undefined)
    run.vars.setResult(host, node.register, failed(failure).result, `register at ${node.at.file}:${node.at.line}`);
  if (ignored) return undefined;
  rememberFailure(run, host, { name: ref.task, action: module }, failed(failure));
  return failure;
}

/** In a check: whether its tasks run, or which they are, hangs on what is not known. */
function unknownBefore(play: PlayRun, node: Block | Include, host: string, { why }: NotKnown): undefined {
  const { run } = play;
  const module = node.kind === 'block' ? 'block' : `include_${node.what}`;
  const ref = { id: node.id, task: nameOf(play, { ...node, module } as never, [host]), module, at: node.at };
  const { message = '' } = dependsOnUnknown(why);
  run.vars.leaveOpen(host, why);
  run.hosts.get(host)!.unforeseen ??= ref.task;
  run.emit({ type: 'task_start', hosts: [host], ...ref });
  count(run, host, 'unknown');
  run.emit({ type: 'task_end', ...ref, host, status: 'unknown', duration_ms: 0, message });
  run.emit({ type: 'task_done', ...ref });
  return undefined;
}

/** ignore_errors of the include itself; what it includes has its own. */
function ignores(play: PlayRun, node: Block | Include, host: string): boolean {
  const { run } = play;
  return (
    node.kind === 'include' &&
    node.ignoreErrors !== undefined &&
    asBoolean(run, node.ignoreErrors, taskScope(play, node, host))
  );
}

/** What a rescue may read of the task that failed, by the names that Ansible gives them. */
export function rememberFailure(
  run: Run,
  host: string,
  task: { name: string; action: string },
  { result }: Pick<TaskResult, 'result'>,
): void {
  run.vars.setResult(host, 'ansible_failed_task', task, 'rescue');
  run.vars.setResult(host, 'ansible_failed_result', result, 'rescue');
}
