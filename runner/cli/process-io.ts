import process from 'node:process';
import type { Io } from './io.ts';

/** The real streams, environment and signals. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt(listener) {
      const ask = () => listener('ask');
      const end = () => listener('end');
      process.on('SIGINT', ask).on('SIGTERM', end).on('SIGHUP', end);
      return () => process.off('SIGINT', ask).off('SIGTERM', end).off('SIGHUP', end);
    },
  };
}
