import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';

/**
 * The text of a file of the controller; where there is none, the one that `make` gives is kept there first, for the
 * file's owner alone. Of two runs that make it at once one wins. Throws E_FILE.
 */
export function keptFile(path: string, make: () => string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new XrunError('E_FILE', `${path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return readFileSync(path, 'utf8');
}
