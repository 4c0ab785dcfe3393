import type { TaskRef } from '../../model/events.ts';
import type { Task } from '../../model/playbook.ts';
import type { Frame } from '../play/frame.ts';
import type { PlayRun } from '../play/play-state.ts';
import { taskScope } from './scope.ts';

/** How events name a task. */
export function refOf(play: PlayRun, task: Task, hosts: readonly string[], frame: Frame): TaskRef {
  return {
    id: task.id,
    task: nameOf(play, task, hosts),
    module: task.module,
    at: task.at,
    ...(frame.handler && { handler: true }),
  };
}

/** The task's name with what the first host makes of its templates; unrendered where that fails. */
export function nameOf(
  play: PlayRun,
  task: { name?: { value: string }; module?: string; vars: Task['vars'] } & Pick<Task, 'role'>,
  hosts: readonly string[],
): string {
  const { run } = play;
  const plain = task.name?.value ?? task.module ?? 'block';
  const [first] = hosts;
  if (!plain.includes('{{') || first === undefined) return plain;
  try {
    return run.secrets.redact(String(run.renderer.render(plain, taskScope(play, task, first))));
  } catch {
    return plain;
  }
}
