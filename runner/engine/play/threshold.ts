import type { Failure } from '../../model/events.ts';
import type { TaskNode } from '../../model/playbook.ts';
import { asBoolean } from '../task/context.ts';
import { rememberFailure } from './failing.ts';
import type { PlayRun } from './play-state.ts';
import { failed } from '../task/result.ts';
import { taskScope } from '../task/scope.ts';
import { nameOf } from '../task/task-ref.ts';
import type { Frame } from './frame.ts';

/**
 * any_errors_fatal and max_fail_percentage: too many failures end the play for everybody. Where there is a rescue,
 * any_errors_fatal sends all hosts there instead; returns those that have to go along.
 *
 * @param failures of this node alone, by host
 */
export function checkThresholds(
  play: PlayRun,
  node: TaskNode,
  failures: ReadonlyMap<string, Failure>,
  hosts: readonly string[],
  frame: Frame,
): Map<string, Failure> {
  const { run } = play;
  const taken = new Map<string, Failure>();
  const [first] = failures.keys();
  // Which hosts are left is something that variables may be made of.
  if (first !== undefined) run.vars.changed();
  if (!frame.covered) for (const host of failures.keys()) play.down.add(host);
  if (first === undefined || play.aborted) return taken;
  const scope = taskScope(play, node, first);
  const fatal = node.anyErrorsFatal ?? play.play.anyErrorsFatal;
  if (fatal && asBoolean(run, fatal, scope)) {
    const why = `${[...failures.keys()].join(', ')} failed, and any_errors_fatal is set`;
    if (!frame.covered) play.aborted = why;
    const failure: Failure = { code: 'E_FATAL', message: why, at: node.at };
    for (const host of frame.covered
      ? hosts.filter((h) => !failures.has(h) && run.hosts.get(h)?.state === 'active')
      : []) {
      taken.set(host, failure);
      rememberFailure(
        run,
        host,
        { name: nameOf(play, node, [host]), action: node.kind === 'task' ? node.module : node.kind },
        failed(failure),
      );
    }
    return taken;
  }
  const { mostFailed } = play;
  if (mostFailed === undefined || frame.covered) return taken;
  const down = play.batch.filter((h) => play.down.has(h)).length;
  if ((down / play.batch.length) * 100 > mostFailed)
    play.aborted = `${down} of ${play.batch.length} hosts failed, more than max_fail_percentage ${mostFailed}`;
  return taken;
}
