import type { Writable } from 'node:stream';

/**
 * Makes what is written to a stream at one go leave it at one go. ssh2 writes each packet in three pieces (length,
 * payload, authentication tag), and without this each is a system call and a TCP segment of its own.
 */
export function gatherWrites<T extends Writable>(stream: T): T {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (...args: unknown[]) => {
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
    return write(...args);
  };
  return stream;
}
