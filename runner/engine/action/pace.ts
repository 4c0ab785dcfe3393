import { XrunError } from '../../diagnostics/errors.ts';

/** Milliseconds in which a transfer has to come on by so many bytes: a host that is slow for ever must not hold a run. */
const WINDOW = 120_000;
const LEAST = 64 * 1024;

/** What a transfer reports. */
export interface Progress {
  /** So many bytes more. */
  moved(bytes: number): void;
  /** All bytes are there; what is done with them may take as long as it takes. */
  complete(): void;
  /** Aborted when it was too slow. */
  signal: AbortSignal;
}

/** Does what transfers a file, and stops it where it hardly comes on. Throws E_TIMEOUT for that, else what `work` throws. */
export async function atPace<T>(path: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const slow = new AbortController();
  let moved = 0;
  let before = 0;
  const watch = setInterval(() => {
    if (moved - before < LEAST)
      slow.abort(
        new XrunError(
          'E_TIMEOUT',
          `the transfer of ${path} was given up: less than ${LEAST / 1024} KiB of it went over in ${WINDOW / 60_000} minutes`,
        ),
      );
    before = moved;
  }, WINDOW);
  try {
    return await work({
      moved: (bytes) => (moved += bytes),
      complete: () => clearInterval(watch),
      signal: slow.signal,
    });
  } catch (error) {
    throw slow.signal.aborted ? slow.signal.reason : error;
  } finally {
    clearInterval(watch);
  }
}
