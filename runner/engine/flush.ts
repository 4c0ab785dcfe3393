import type { Failure } from '../events.ts';
import { runList } from './list.ts';
import type { PlayRun } from './play-state.ts';
import type { Run } from './run-state.ts';
import type { Frame } from './step.ts';

/**
 * Runs what has been notified, in the order the handlers are written; a handler that notifies a later one is heard in
 * the same flush. `forced`: also on hosts that have failed (force_handlers).
 */
export async function flushHandlers(run: Run, play: PlayRun, hosts: readonly string[], frame: Frame): Promise<Map<string, Failure>> {
  const lost = new Map<string, Failure>();
  const inner: Frame = { ...frame, handler: true, upcoming: () => [] };
  for (const { handler, hosts: notified } of run.handlers.take(hosts)) {
    const now = notified.filter((h) => !lost.has(h));
    for (const [host, failure] of await runList(run, play, [handler], now, inner)) lost.set(host, failure);
  }
  return lost;
}
