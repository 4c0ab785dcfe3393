import type { Task } from './playbook.ts';

/** A task that no playbook holds: `parts`, and nothing of all else. */
export function newTask(parts: Pick<Task, 'id' | 'at' | 'module'> & Partial<Task>): Task {
  return {
    kind: 'task',
    traits: {},
    moduleAt: parts.at,
    args: {},
    environment: [],
    tags: [],
    when: [],
    vars: [],
    notify: [],
    changedWhen: [],
    failedWhen: [],
    listen: [],
    ...parts,
  };
}
