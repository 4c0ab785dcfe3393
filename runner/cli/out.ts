import type { Sink } from '../reporters/options.ts';
import type { Io, Terminal } from './io.ts';

/** What became of a stream: its first error, but that its reader has left. */
const streams = new WeakMap<Terminal, { trouble?: Error }>();

/**
 * A sink for a stream that may take no more: its reader leaves (`xrun ... | head`), its disk is full. What is written
 * then is dropped, and the run goes on, since a closed output must not leave hosts half-way.
 */
export function outOf(stream: Terminal): Sink & { write(bytes: string | Uint8Array): unknown } {
  const state = streams.get(stream) ?? watch(stream);
  return { write: (text) => stream.destroyed || state.trouble !== undefined || stream.write(text) };
}

function watch(stream: Terminal): { trouble?: Error } {
  const state: { trouble?: Error } = {};
  streams.set(stream, state);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') state.trouble ??= error;
  });
  return state;
}

const files = new WeakMap<Io, string[]>();

/** Remembers that a file was not written as a whole, to be reported when the command has ended. */
export function noteLoss(io: Io, file: string, why: Error): void {
  files.set(io, [...(files.get(io) ?? []), `cannot write ${file}: ${why.message}; what it holds is not complete`]);
}

/** A sentence for each output that a command could not write as a whole. */
export async function losses(io: Io): Promise<string[]> {
  outOf(io.stdout);
  // What was written before is written, or has failed, when this is.
  if (!io.stdout.destroyed) await new Promise<void>((resolve) => io.stdout.write('', () => resolve()));
  const trouble = streams.get(io.stdout)?.trouble;
  return [
    ...(trouble ? [`cannot write to stdout: ${trouble.message}; what it shows is not complete`] : []),
    ...(files.get(io) ?? []),
  ];
}
