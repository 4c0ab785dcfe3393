import type { Failure } from '../../model/events.ts';
import type { PlayRun } from './play-state.ts';
import type { Frame } from './frame.ts';

/**
 * Runs what has been notified, in the order the handlers are written; a handler that notifies a later one is heard in
 * the same flush. What does not run, because the play is over or the host failed on the way, stays notified. A handler
 * that failed is not tried again in this run; the journal keeps it for the next one.
 */
export async function flushHandlers(
  play: PlayRun,
  hosts: readonly string[],
  frame: Frame,
): Promise<Map<string, Failure>> {
  const { run } = play;
  const lost = new Map<string, Failure>();
  const inner: Frame = { ...frame, handler: true, upcoming: () => [] };
  play.flushes++;
  for (const handler of run.handlers.all()) {
    const able = hosts.filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active');
    if (play.ended || play.aborted || run.stopping()) break;
    const now = run.handlers.take(handler, able);
    if (!now.length) continue;
    const failures = await play.runList([handler], now, inner);
    // Of a block or an include, what came after an interruption has not run.
    const partly = handler.kind !== 'task' && (run.stopping() || play.ended || play.aborted !== undefined);
    for (const host of now) {
      const failure = failures.get(host);
      if (failure) lost.set(host, failure);
      if (failure && !frame.covered) continue;
      if (partly && !failure) run.handlers.owe(handler, host);
      else run.journal.ran({ play: play.play.name, handler: run.handlers.labelOf(handler), host });
    }
  }
  return lost;
}
