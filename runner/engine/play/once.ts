import type { TaskNode } from '../../model/playbook.ts';
import type { PlayRun } from './play-state.ts';
import type { Frame } from './frame.ts';

/**
 * What makes two runs of a run_once task the same one: the task, and the turns of the loops around it. So it runs once
 * for all batches of a play, but again in each turn; and a handler again whenever handlers are run.
 */
export function onceKey(play: PlayRun, node: Pick<TaskNode, 'id'>, host: string, frame: Frame): string {
  const turn = frame.handler ? { flush: play.flushes } : (play.loopVars.get(host) ?? []);
  return `${play.play.at.file}:${node.id} ${JSON.stringify(turn)}`;
}
