import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { atPace } from '../../runner/engine/action/pace.ts';
import type { Progress } from '../../runner/engine/action/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;

/** Moves so many bytes every second until all have gone, or it is stopped. */
const transfer =
  (perSecond: number, bytes: number) =>
  ({ moved, complete, signal }: Progress) =>
    new Promise<string>((resolve, reject) => {
      let left = bytes;
      const timer = setInterval(() => {
        moved(perSecond);
        left -= perSecond;
        if (left <= 0) complete();
        // What is done with it takes an hour.
        if (left <= -3600 * perSecond) resolve('done');
      }, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
        reject(new Error('stopped'));
      });
    });

it('gives up a host that sends slowly for ever, or nothing at all', async () => {
  for (const perSecond of [1, 0]) {
    const ended = atPace('/there', transfer(perSecond, 1e9)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(await ended).toMatchObject({
      code: 'E_TIMEOUT',
      message: 'the transfer of /there was given up: less than 64 KiB of it went over in 2 minutes',
    });
  }
});

it('waits for what comes on, however long it takes, and for what is done with it', async () => {
  const ended = atPace('/there', transfer(1000, 1_000_000));
  await vi.advanceTimersByTimeAsync(100 * MINUTE);
  expect(await ended).toBe('done');
  expect(vi.getTimerCount()).toBe(1);
});
