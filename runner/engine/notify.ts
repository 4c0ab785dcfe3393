import type { Task } from '../playbook/types.ts';
import type { Scope } from '../vars/types.ts';
import { unknownIn } from '../vars/unknown.ts';
import type { HostRun } from './hosts.ts';
import type { PlayRun } from './play-state.ts';
import type { Ended } from './result.ts';
import type { Run } from './run-state.ts';
import { taskScope } from './scope.ts';

/** What a task notifies, rendered for one host, each with where it is written; names that a check cannot know are left out. */
function* namesOf(run: Run, task: Task, scope: Scope) {
  for (const { value, at } of task.notify) {
    const rendered = run.renderer.renderOpen(value, scope, at);
    if (unknownIn(rendered)) continue;
    for (const name of Array.isArray(rendered) ? rendered : [rendered]) yield { name: String(name), at };
  }
}

/** Notifies the handlers of a task that changed something, or may have. */
export function notify(run: Run, play: PlayRun, task: Task, host: HostRun, ended: Ended): void {
  for (const { name, at } of namesOf(run, task, taskScope(run, play, task, host.name))) {
    const heard = run.handlers.notify(name, host.name, ended.status === 'changed');
    if (heard.length === 0) run.emit({ type: 'warning', message: `no handler matches '${name}'`, at });
    for (const handler of heard) run.journal.owe({ play: play.play.name, handler, host: host.name });
  }
}

/** Records, before a task is carried out on a host, which handlers it will owe if it changes something. */
export async function intend(run: Run, play: PlayRun, task: Task, host: HostRun, scope: Scope): Promise<void> {
  if (task.notify.length === 0) return;
  await run.journal.intend(play.play.name, host.name, mayNotify(run, task, host, scope));
}

/** A name that the task's own result makes is not known before: any handler may be meant. */
function mayNotify(run: Run, task: Task, host: HostRun, scope: Scope): string[] {
  try {
    return [...new Set([...namesOf(run, task, scope)].flatMap(({ name }) => run.handlers.labelsFor(name, host.name)))];
  } catch {
    return [...run.handlers.all()].map((handler) => run.handlers.labelOf(handler));
  }
}
