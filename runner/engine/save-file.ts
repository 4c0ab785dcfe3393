import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { XrunError } from '../errors.ts';
import type { Step } from '../modules/module.ts';
import type { TaskContext } from './context.ts';

/**
 * Writes on the controller what a `get` step brought, from the playbook's directory: beside the target, then renamed
 * over it, so that nobody sees half a file. Throws E_LOCAL_FILE, and E_REMOTE_FILE for other content than was meant.
 */
export async function saveFile(context: TaskContext, { path, to, sha256 }: Extract<Step, { do: 'get' }>, content: Buffer): Promise<void> {
  const found = createHash('sha256').update(content).digest('hex');
  if (sha256 !== undefined && found !== sha256) {
    throw new XrunError('E_REMOTE_FILE', `${path} changed while it was fetched: its SHA-256 was ${sha256}, and what came has ${found}`);
  }
  const target = resolve(context.play.play.dir, to);
  const temporary = join(dirname(target), `.xrun-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new XrunError('E_LOCAL_FILE', `cannot write ${target}: ${(error as Error).message}`, { cause: error });
  }
}
