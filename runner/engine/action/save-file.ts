import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Step } from '../../model/module.ts';
import type { TaskContext } from '../task/context.ts';
import { ownName, removeLeft } from '../../controller/own-files.ts';

/** Brings content piece by piece to its consumer. */
type Bring = (into: (chunk: Buffer) => void, signal: AbortSignal) => Promise<void>;

const PREFIX = '.xrun-';

/** Bytes by which a file may grow between the look at it and its end: a host that never ends one must not fill the disk. */
const GROWTH = 64 * 1024 ** 2;

/**
 * Writes on the controller what a `get` step brings, from the playbook's directory: beside the target, as it comes, then
 * renamed over it, so that the file is never seen half-written. Throws E_LOCAL_FILE, E_REMOTE_FILE for other content than was meant, and
 * what `bring` throws.
 */
export async function saveFile(
  context: TaskContext,
  { path, to, sha256, size = Infinity }: Extract<Step, { do: 'get' }>,
  bring: Bring,
): Promise<void> {
  const target = resolve(context.play.play.dir, to);
  const temporary = join(dirname(target), `${ownName(PREFIX)}${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    removeLeft(dirname(target), PREFIX);
    const found = await fill(temporary, bring, size + GROWTH, path);
    if (sha256 !== undefined && found !== sha256) {
      throw new XrunError(
        'E_REMOTE_FILE',
        `${path} changed while it was fetched: its SHA-256 was ${sha256}, and what came has ${found}`,
      );
    }
    await rename(temporary, target);
  } catch (error) {
    // Where it could not be made there is nothing to remove, and no directory to look in.
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof XrunError) throw error;
    throw new XrunError('E_LOCAL_FILE', `cannot write ${target}: ${(error as Error).message}`, { cause: error });
  }
}

/** Makes a file of what comes, and returns its SHA-256. Writes at once, so that a slow disk holds up what comes next. */
async function fill(path: string, bring: Bring, most: number, source: string): Promise<string> {
  const hash = createHash('sha256');
  let trouble: Error | undefined;
  const file = await open(path, 'wx');
  const tooLong = new AbortController();
  let taken = 0;
  const take = (chunk: Buffer): void => {
    if (trouble) return;
    taken += chunk.length;
    if (taken > most) {
      trouble = new XrunError(
        'E_REMOTE_FILE',
        `${source} has grown by more than ${GROWTH / 1024 ** 2} MiB while it was fetched`,
      );
      return tooLong.abort();
    }
    hash.update(chunk);
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(file.fd, chunk, at);
    } catch (error) {
      trouble = error as Error;
    }
  };
  try {
    await bring(take, tooLong.signal);
  } catch (error) {
    throw trouble ?? error;
  } finally {
    await file.close();
  }
  if (trouble) throw trouble;
  return hash.digest('hex');
}
