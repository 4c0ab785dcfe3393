import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { nonce } from '../../connection/shell/nonce.ts';
import { runKey } from './run-key.ts';
import type { KeyedRun } from './run-key.ts';
import { makeStateDirectory } from './state-dir.ts';

/** A run, and the directories that its state may be kept in, the preferred one first. */
export interface FailedHostsRequest extends KeyedRun {
  directories: readonly string[];
}

/**
 * Records which hosts failed in a run, instead of those of the run before it; with none, the record goes. Rejects where
 * no directory can be written.
 */
export async function recordFailedHosts(request: FailedHostsRequest, hosts: readonly string[]): Promise<void> {
  const written = hosts.length > 0 ? await write(request, hosts) : undefined;
  const others = request.directories.filter((directory) => directory !== written);
  await Promise.all(others.map((directory) => remove(fileIn(directory, request))));
}

/**
 * The hosts that failed or were unreachable in the last run of the same playbooks and inventories; none where that run
 * did not fail, or where there was none.
 *
 * @throws XrunError E_RETRY for a record that cannot be read
 */
export async function failedHosts(request: FailedHostsRequest): Promise<string[]> {
  for (const directory of request.directories) {
    const file = fileIn(directory, request);
    try {
      const { hosts } = JSON.parse(await readFile(file, 'utf8')) as { hosts: unknown };
      if (Array.isArray(hosts)) return hosts.map(String);
      throw new Error('it does not list hosts');
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') continue;
      throw new XrunError('E_RETRY', `cannot read the failed hosts of the last run from ${file}: ${message}`, {
        cause,
        hint: 'Remove the file, and choose the hosts with `--limit`.',
      });
    }
  }
  return [];
}

/** Writes into the first directory that takes it, whole or not at all, and returns that directory. */
async function write(request: FailedHostsRequest, hosts: readonly string[]): Promise<string> {
  let trouble: unknown;
  for (const directory of request.directories) {
    try {
      await makeStateDirectory(directory);
      const fresh = join(directory, `failed-${nonce().slice(0, 16)}.new`);
      await writeFile(fresh, `${JSON.stringify({ hosts })}\n`, { mode: 0o600, flag: 'wx' });
      await rename(fresh, fileIn(directory, request));
      return directory;
    } catch (error) {
      trouble ??= error;
    }
  }
  throw trouble;
}

/** A record that stayed would be taken for that of the last run: only one that is not there may fail to go. */
async function remove(file: string): Promise<void> {
  await rm(file, { force: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR') throw error;
  });
}

function fileIn(directory: string, request: KeyedRun): string {
  return join(directory, `failed-${runKey(request)}.json`);
}
