import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../errors.ts';
import type { Sink } from '../report/options.ts';

/** A file that a reporter writes. It is opened before the run, so that a wrong path is known before anything is done. */
export interface OutputFile extends Sink {
  close(): void;
}

/** @throws XrunError E_OUTPUT_FILE where it cannot be made. */
export function outputFile(file: string, cwd: string): OutputFile {
  const whole = path.resolve(cwd, file);
  const fd = opened(whole);
  return { write: (text) => writeSync(fd, text), close: () => closeSync(fd) };
}

function opened(file: string): number {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return openSync(file, 'w');
  } catch (cause) {
    throw new XrunError('E_OUTPUT_FILE', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
