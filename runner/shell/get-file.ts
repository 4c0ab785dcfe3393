import { XrunError } from '../errors.ts';
import type { RunScripts } from './host.ts';
import { sh } from './script.ts';

/** The content of a file on the host, whole. Rejects with E_REMOTE_FILE. */
export async function getFile(path: string, run: RunScripts): Promise<Buffer> {
  const [outcome] = await run([sh`cat <${path}`], { whole: true });
  if (outcome?.reason === 'exit' && outcome.rc === 0) return outcome.stdout;
  const why = outcome?.message ?? outcome?.stderr.toString().trim();
  throw new XrunError('E_REMOTE_FILE', `cannot read ${path}: ${why}`);
}
