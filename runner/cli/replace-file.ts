import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { XrunError } from '../diagnostics/errors.ts';

/** Puts new content in a file's place, whole or not at all; its mode stays. Throws XrunError E_FILE. */
export function replaceFile(file: string, content: string | Buffer): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    // No other user may read a secret, not even while it is written.
    writeFileSync(fresh, content, { mode: 0o600, flag: 'wx' });
    chmodSync(fresh, statSync(file).mode & 0o777);
    renameSync(fresh, file);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new XrunError('E_FILE', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
