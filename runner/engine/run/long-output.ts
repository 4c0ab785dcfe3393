import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Overflow } from '../../model/transport/host-shell.ts';
import { nonce } from '../../connection/shell/nonce.ts';
import type { Secrets } from '../../language/vault/secrets.ts';

/**
 * A file of its own for a stream that is too long for memory, below `output/` of the first of these directories that
 * takes it, readable by the user only and without the run's secrets. Where none does, what is in memory is all there is.
 */
export function longOutput(directories: readonly string[], name: string, secrets: Secrets): Overflow | undefined {
  const made = firstThatTakes(directories, `${name.replaceAll(/[^\w.-]/g, '_')}.${nonce().slice(0, 12)}`);
  if (!made) return undefined;
  const { where } = made;
  let file: number | undefined = made.file;
  const redact = secrets.redactor();
  let trouble = '';
  const write = (bytes: Buffer) => {
    if (file === undefined || trouble) return;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
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

function firstThatTakes(directories: readonly string[], name: string): { where: string; file: number } | undefined {
  for (const directory of directories) {
    const where = join(directory, 'output', name);
    try {
      mkdirSync(join(directory, 'output'), { recursive: true, mode: 0o700 });
      return { where, file: openSync(where, 'wx', 0o600) };
    } catch {
      // Another one may take it.
    }
  }
  return undefined;
}
