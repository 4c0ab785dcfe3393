import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; an aborted signal ends the wait early, without an error. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
