import { isTemplate } from '../../diagnostics/found.ts';
import type { Task } from '../../model/playbook.ts';
import { Unknown } from '../../language/values/unknown.ts';
import type { HostRun } from './host-run.ts';
import { readsOf } from '../action/lookahead.ts';
import { unknown } from './result.ts';
import type { TaskResult } from './result.ts';
import type { Run } from '../run/run-state.ts';

/** How messages name a task whose result is not known. */
export function resultOf(task: Pick<Task, 'name' | 'module' | 'at'>): string {
  return `the result of the task '${task.name?.value ?? task.module}' (${task.at.file}:${task.at.line})`;
}

/** Keys that a task which was not skipped and reached its host does not have. */
const absent = { skipped: undefined, unreachable: undefined };

/** What `register` keeps: of a task that a check did not carry out, what is known of its result; the rest is unknown. */
export function registered(task: Task, ended: TaskResult): unknown {
  const { status, result, origin, planned } = ended;
  if (status === 'unknown')
    return new Unknown(origin ?? resultOf(task), { ...(origin === undefined && absent), ...result });
  return planned ? new Unknown(resultOf(task), { ...absent, ...result }, true) : result;
}

/** In a check: notes whether a registered value may be another one in the run, for the host will have been changed by then. */
export function noteEarly(run: Run, task: Task, name: string, { status }: TaskResult): void {
  const host = run.hosts.get(name);
  if (!run.check || !host || task.register === undefined) return;
  // What a server answers hangs on all that is changed before, on whichever host.
  const before =
    host.unforeseen ??
    (task.traits.readsElsewhere && Object.values(run.stats).some(({ changed }) => changed > 0)
      ? 'what is changed before it'
      : undefined);
  if (before !== undefined && status === 'ok' && task.traits.effects !== 'none') host.early.set(task.register, before);
  else host.early.delete(task.register);
}

/** In a check: a judgement of values that were read too early is unknown, where it would be a failure. */
export function unlessEarly(run: Run, task: Task, host: HostRun, ended: TaskResult): TaskResult {
  if (!run.check || ended.status !== 'failed' || host.early.size === 0 || !task.traits.judges) return ended;
  const reads = readsOf({ run }, task);
  const name = [...host.early.keys()].find((early) => reads.has(early));
  if (name === undefined) return ended;
  return unknown(
    `now it would fail: ${ended.error?.message ?? ''}; but a check reads '${name}' before the work of ${host.early.get(name)} is done`,
  );
}

/** A task that may or may not run: the variables that it would write are unknown from here on. */
export function leaveUnknown(run: Run, task: Task, host: HostRun, why: string): void {
  if (task.traits.changesVariables === 'files') run.vars.leaveOpen(host.name, why);
  if (task.traits.changesVariables !== 'arguments') return;
  for (const name of Object.keys(task.args)) {
    if (name !== 'cacheable' && !isTemplate(name))
      run.vars.setResult(host.name, name, new Unknown(why), `${task.module} at ${task.at.file}:${task.at.line}`);
  }
}
