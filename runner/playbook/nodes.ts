import type { Block, Play, TaskNode } from '../model/playbook.ts';

/** The lists of a play, in the order in which they run; handlers last. */
export function listsOfPlay({ preTasks, tasks, postTasks, handlers }: Play): (readonly TaskNode[])[] {
  return [preTasks, tasks, postTasks, handlers];
}

/** The lists of a block. */
export function listsOfBlock({ block, rescue, always, guarded }: Block): (readonly TaskNode[])[] {
  return [block, rescue, always, guarded?.confirm ?? []];
}

/** All that a play holds before it runs: its lists, and what is in their blocks; not what includes bring. */
export function* nodesOf(play: Play): Generator<TaskNode> {
  for (const list of listsOfPlay(play)) yield* nodesIn(list);
}

/** The handlers that can be notified one by one: those of a list, blocks as a whole, and the tasks in their blocks. */
export function eachHandler(handlers: readonly TaskNode[]): TaskNode[] {
  return handlers.flatMap((node) => (node.kind === 'block' ? [node, ...eachHandler(node.block)] : [node]));
}

function* nodesIn(nodes: readonly TaskNode[]): Generator<TaskNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind === 'block') for (const list of listsOfBlock(node)) yield* nodesIn(list);
  }
}
