import type { Failure } from '../../model/events.ts';
import type { Task } from '../../model/playbook.ts';
import { flushHandlers } from './flush.ts';
import type { PlayRun } from './play-state.ts';
import { NotKnown } from '../../language/values/unknown.ts';
import { dependsOnUnknown, failureOf } from '../task/result.ts';
import { count } from '../run/run-state.ts';
import { withFacts } from '../task/facts.ts';
import { taskScope } from '../task/scope.ts';
import { nameOf } from '../task/task-ref.ts';
import type { Frame } from './frame.ts';

/** Carries out a `meta` task. Its condition is asked on each host; what concerns the run is done if it holds on any. */
export async function runMeta(
  play: PlayRun,
  task: Task,
  hosts: readonly string[],
  frame: Frame,
): Promise<Map<string, Failure>> {
  const { run } = play;
  const lost = new Map<string, Failure>();
  const ref = { id: task.id, task: nameOf(play, task, hosts), module: task.module, at: task.at };
  const meant: string[] = [];
  run.emit({ type: 'task_start', hosts: [...hosts], ...ref });
  for (const host of hosts) {
    try {
      const holds = await withFacts(play, host, () => run.renderer.test(task.when, taskScope(play, task, host)));
      if (holds) meant.push(host);
      const status = holds ? 'ok' : 'skipped';
      count(run, host, status);
      run.emit({ type: 'task_end', ...ref, host, status, duration_ms: 0 });
    } catch (error) {
      if (run.check && error instanceof NotKnown) {
        count(run, host, 'unknown');
        run.emit({
          type: 'task_end',
          ...ref,
          host,
          status: 'unknown',
          duration_ms: 0,
          message: dependsOnUnknown(error.why).message ?? '',
        });
        continue;
      }
      const failure = failureOf(error, task.at);
      lost.set(host, failure);
      count(run, host, frame.covered ? 'rescued' : 'failed');
      run.emit({
        type: 'task_end',
        ...ref,
        host,
        status: frame.covered ? 'rescued' : 'failed',
        duration_ms: 0,
        error: failure,
      });
    }
  }
  run.emit({ type: 'task_done', ...ref });
  if (!meant.length) return lost;
  const failed = await carryOut(play, String(task.args.action), meant, frame);
  return new Map([...lost, ...failed]);
}

async function carryOut(play: PlayRun, action: string, hosts: string[], frame: Frame): Promise<Map<string, Failure>> {
  const { run } = play;
  switch (action) {
    case 'flush_handlers':
      return flushHandlers(play, hosts, frame);
    case 'end_host':
      for (const host of hosts) run.hosts.get(host)!.state = 'ended';
      break;
    case 'end_play':
      play.ended = true;
      play.endsPlay = true;
      break;
    case 'end_batch':
      play.ended = true;
      break;
    case 'clear_facts':
      for (const host of hosts) run.vars.clearFacts(host);
      break;
    case 'clear_host_errors':
      for (const host of play.down) play.cleared.add(host);
      play.down.clear();
      delete play.aborted;
      for (const host of play.hosts)
        if (['failed', 'unreachable'].includes(run.hosts.get(host)!.state)) run.hosts.get(host)!.state = 'active';
      run.vars.changed();
      break;
    case 'reset_connection':
      await Promise.all(hosts.map((host) => run.shells.drop(host)));
      break;
    case 'refresh_inventory':
      await run.refreshInventory();
      break;
  }
  return new Map();
}
