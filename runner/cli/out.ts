import type { Sink } from '../report/options.ts';
import type { Terminal } from './io.ts';

/**
 * A sink for a stream whose reader may leave (`xrun ... | head`): what is written then is dropped, and the run goes on,
 * since hosts must not be left half-way because nobody reads.
 */
export function outOf(stream: Terminal): Sink & { write(bytes: string | Uint8Array): unknown } {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    });
  }
  return { write: (text) => stream.destroyed || stream.write(text) };
}

const guarded = new WeakSet<Terminal>();
