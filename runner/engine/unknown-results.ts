import { isTemplate } from '../playbook/found.ts';
import type { Task } from '../playbook/types.ts';
import { Unknown } from '../vars/unknown.ts';
import type { HostRun } from './hosts.ts';
import type { Ended } from './result.ts';
import type { Run } from './run-state.ts';

/** How messages name a task whose result is not known. */
export function resultOf(task: Pick<Task, 'name' | 'module' | 'at'>): string {
  return `the result of the task '${task.name?.value ?? task.module}' (${task.at.file}:${task.at.line})`;
}

/** Keys that a task which was not skipped and reached its host does not have. */
const absent = { skipped: undefined, unreachable: undefined };

/** What `register` keeps: of a task that a check did not carry out, what is known of its result; the rest is unknown. */
export function registered(task: Task, ended: Ended): unknown {
  const { status, result, origin, planned } = ended;
  if (status === 'unknown') return new Unknown(origin ?? resultOf(task), { ...(origin === undefined && absent), ...result });
  return planned ? new Unknown(resultOf(task), { ...absent, ...result }, true) : result;
}

/** A task that may or may not run: the variables that it would write are unknown from here on. */
export function leaveUnknown(run: Run, task: Task, host: HostRun, why: string): void {
  if (task.module === 'include_vars') run.vars.leaveOpen(host.name, why);
  if (task.module !== 'set_fact') return;
  for (const name of Object.keys(task.args)) {
    if (name !== 'cacheable' && !isTemplate(name)) run.vars.setResult(host.name, name, new Unknown(why), `set_fact at ${task.at.file}:${task.at.line}`);
  }
}
