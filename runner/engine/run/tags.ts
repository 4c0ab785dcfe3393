import type { Playbook, TaskNode } from '../../model/playbook.ts';

/** What --tags and --skip-tags select. */
export interface TagChoice {
  tags: string[];
  skip: string[];
}

/**
 * Whether a task with these tags runs. `always` runs unless it is skipped by name, `never` only when one of its other
 * tags (or `never`) is asked for; `all`, `tagged` and `untagged` mean what they mean to Ansible.
 */
export function chosen(tags: readonly string[], choice: TagChoice): boolean {
  const has = (wanted: readonly string[]) =>
    wanted.some(
      (w) =>
        w === 'all' ||
        tags.includes(w) ||
        (w === 'tagged' && tags.length > 0) ||
        (w === 'untagged' && tags.length === 0),
    );
  const asked = choice.tags.length ? choice.tags : ['all'];
  const byName = choice.tags.some((t) => tags.includes(t));
  if (tags.includes('never') && !byName) return false;
  const skipped = choice.skip.some((s) => (s === 'all' ? !tags.includes('always') : has([s])));
  return !skipped && (has(asked) || tags.includes('always'));
}

/** The playbooks with what the tags leave; handlers stay, since they run by notification. */
export function filterByTags(playbooks: readonly Playbook[], choice: TagChoice): Playbook[] {
  return filterTasks(playbooks, (node) => chosen(node.tags, choice));
}

/**
 * The playbooks from the first task with this name on. Returns undefined where no task has it. Names are compared as
 * written, and a `*` matches anything.
 */
export function startAt(playbooks: readonly Playbook[], name: string): Playbook[] | undefined {
  const pattern = new RegExp(
    `^${name
      .split('*')
      .map((p) => p.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  let started = false;
  const result = filterTasks(playbooks, (node) => (started ||= pattern.test(node.name?.value ?? '')));
  return started ? result : undefined;
}

/** What the tags leave of tasks that an include has brought: they count for each of them, as for any other task. */
export function chosenNodes(nodes: readonly TaskNode[], choice: TagChoice): TaskNode[] {
  return filterNodes(nodes, (node) => chosen(node.tags, choice));
}

function filterNodes(nodes: readonly TaskNode[], keep: (leaf: TaskNode) => boolean): TaskNode[] {
  return nodes.flatMap((node): TaskNode[] => {
    if (node.kind !== 'block') return keep(node) ? [node] : [];
    const block = {
      ...node,
      block: filterNodes(node.block, keep),
      rescue: filterNodes(node.rescue, keep),
      always: filterNodes(node.always, keep),
    };
    return block.block.length || block.rescue.length || block.always.length ? [block] : [];
  });
}

function filterTasks(playbooks: readonly Playbook[], keep: (leaf: TaskNode) => boolean): Playbook[] {
  const filter = (nodes: readonly TaskNode[]) => filterNodes(nodes, keep);
  return playbooks.map((playbook) => ({
    ...playbook,
    plays: playbook.plays.map((play) => ({
      ...play,
      preTasks: filter(play.preTasks),
      tasks: filter(play.tasks),
      postTasks: filter(play.postTasks),
    })),
  }));
}
