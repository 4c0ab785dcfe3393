import { XrunError } from '../errors.ts';
import type { RunScripts } from './host.ts';
import { sh } from './script.ts';

/** Passes on the content of a file on the host as it comes. Rejects with E_REMOTE_FILE. */
export async function getFile(path: string, into: (chunk: Buffer) => void, run: RunScripts): Promise<void> {
  const [outcome] = await run([sh`cat <${path}`], { into });
  if (outcome?.reason === 'exit' && outcome.rc === 0) return;
  const why = outcome?.message ?? outcome?.stderr.toString().trim();
  throw new XrunError('E_REMOTE_FILE', `cannot read ${path}: ${why}`);
}
