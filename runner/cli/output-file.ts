import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import type { Sink } from '../reporters/options.ts';

/** A file that a reporter writes. It is opened before the run, so that a wrong path is known before anything is done. */
export interface OutputFile extends Sink {
  close(): void;
}

/**
 * After the first error nothing more is written: the run goes on without the file.
 *
 * @param lost called with that error, once
 * @param flags 'a' to write behind what the file holds
 * @throws XrunError E_OUTPUT_FILE where it cannot be made.
 */
export function outputFile(file: string, cwd: string, lost: (why: Error) => void, flags: 'w' | 'a' = 'w'): OutputFile {
  const fd = opened(path.resolve(cwd, file), flags);
  let failed = false;
  const attempt = (work: () => void) => {
    if (failed) return;
    try {
      work();
    } catch (error) {
      failed = true;
      lost(error as Error);
    }
  };
  return { write: (text) => attempt(() => writeAll(fd, Buffer.from(text))), close: () => attempt(() => closeSync(fd)) };
}

/** A disk that is nearly full takes a part. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function opened(file: string, flags: 'w' | 'a'): number {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return openSync(file, flags);
  } catch (cause) {
    throw new XrunError('E_OUTPUT_FILE', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
