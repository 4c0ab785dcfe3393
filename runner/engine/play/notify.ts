import { XrunError } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { Task } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import { unknownIn } from '../../language/values/unknown.ts';
import type { HostRun } from '../task/host-run.ts';
import type { PlayRun } from './play-state.ts';
import type { TaskResult, Notified } from '../task/result.ts';
import type { Run } from '../run/run-state.ts';
import { taskScope } from '../task/scope.ts';

/** What a task notifies, rendered for one host, each with where it is written; names that a check cannot know are left out. */
function* namesOf(run: Run, task: Task, scope: Scope) {
  for (const { value, at } of task.notify) {
    const rendered = run.renderer.renderOpen(value, scope, at);
    if (unknownIn(rendered)) continue;
    for (const name of Array.isArray(rendered) ? rendered : [rendered]) yield { name: String(name), at };
  }
}

/** The handlers that a task, or one item of its loop, notifies by how it ended. */
export function notifiedBy(run: Run, task: Task, scope: Scope, { status, result }: TaskResult): Notified[] {
  const sure = status === 'changed';
  if (task.notify.length === 0 || !(sure || (status === 'unknown' && result.changed !== false))) return [];
  return [...namesOf(run, task, scope)].map((named) => ({ ...named, sure }));
}

/** Notifies the handlers of a task that changed something, or may have; those of a loop, item by item. */
export function notify(play: PlayRun, task: Task, host: HostRun, ended: TaskResult): void {
  const { run } = play;
  for (const { name, at, sure } of ended.notified ?? notifiedBy(run, task, taskScope(play, task, host.name), ended)) {
    const heard = run.handlers.notify(name, host.name, sure);
    if (heard.length === 0) run.emit({ type: 'warning', message: `no handler matches '${name}'`, at });
    for (const handler of heard) run.journal.owe({ play: play.play.name, handler, host: host.name });
  }
}

/** Records, before a task is carried out on a host, which handlers it will owe if it changes something. */
export async function intend(play: PlayRun, task: Task, host: HostRun, scope: Scope): Promise<void> {
  const { run } = play;
  if (task.notify.length === 0) return;
  await run.journal.intend(play.play.name, host.name, mayNotify(run, task, host, scope));
}

/** A name that the task's own result makes is not known before: any handler may be meant. Throws E_NOTIFY where no handler matches. */
function mayNotify(run: Run, task: Task, host: HostRun, scope: Scope): string[] {
  const all = () => [...run.handlers.all()];
  let names;
  try {
    names = [...namesOf(run, task, scope)];
  } catch {
    return all().map((handler) => run.handlers.labelOf(handler));
  }
  return [
    ...new Set(
      names.flatMap(({ name, at }) => {
        const labels = run.handlers.labelsFor(name, host.name);
        if (labels.length > 0) return labels;
        const near = didYouMean(
          name,
          all().flatMap((handler) => handler.name?.value ?? []),
        );
        throw new XrunError('E_NOTIFY', `no handler matches '${name}'`, { at, ...(near && { hint: near }) });
      }),
    ),
  ];
}
