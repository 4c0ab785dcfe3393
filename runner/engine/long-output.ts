import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Overflow } from '../shell/captured.ts';
import { nonce } from '../shell/nonce.ts';
import type { Secrets } from '../shell/secrets.ts';

/**
 * A file of its own for a stream that is too long for memory, below `.xrun/output/` of the working directory, readable
 * by the user only and without the run's secrets. Where the disk does not take it, what is in memory is all there is.
 */
export function longOutput(cwd: string, name: string, secrets: Secrets): Overflow | undefined {
  const directory = join(cwd, '.xrun', 'output');
  const where = join(directory, `${name.replaceAll(/[^\w.-]/g, '_')}.${nonce().slice(0, 12)}`);
  const redact = secrets.redactor();
  let file: number | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    file = openSync(where, 'wx', 0o600);
  } catch {
    return undefined;
  }
  let trouble = '';
  const write = (bytes: Buffer) => {
    if (file === undefined || trouble) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      trouble = `, as far as it could be written (${(error as Error).message})`;
    }
  };
  return {
    get where() {
      return where + trouble;
    },
    write: (chunk) => write(redact(chunk)),
    end() {
      write(redact());
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
