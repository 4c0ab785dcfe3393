import type { Play, TaskNode } from './types.ts';

/** All that a play holds before it runs: its lists, in order, and what is in their blocks; not what includes bring. */
export function* nodesOf({ preTasks, tasks, postTasks, handlers }: Play): Generator<TaskNode> {
  for (const list of [preTasks, tasks, postTasks, handlers]) yield* nodesIn(list);
}

function* nodesIn(nodes: readonly TaskNode[]): Generator<TaskNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind !== 'block') continue;
    for (const list of [node.block, node.rescue, node.always, node.guarded?.confirm ?? []]) yield* nodesIn(list);
  }
}
