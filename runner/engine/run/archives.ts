import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { XrunError } from '../../diagnostics/errors.ts';
import { UNPACK, withoutImplied } from '../../modules/files/archives/unpack.ts';
import type { LocalTree } from '../../model/local-file.ts';
import { describe } from '../action/local-files.ts';
import { readTree } from '../action/local-tree.ts';
import { ownName, removeLeft } from '../../controller/own-files.ts';

const run = promisify(execFile);

const PREFIX = 'xrun-archive-';

/** Archives of the controller's, each unpacked once a run into a directory of its own, for all hosts. */
export class Archives {
  readonly #parent: string;
  readonly #trees = new Map<string, Promise<LocalTree>>();
  readonly #manifests = new Map<string, Promise<string | undefined>>();
  readonly #directories: string[] = [];

  constructor(parent = tmpdir()) {
    this.#parent = parent;
  }

  /** What is in an archive, as a directory of the controller's. Rejects with E_LOCAL_FILE. */
  async read(path: string): Promise<LocalTree> {
    return once(this.#trees, path, () => this.#unpack(path));
  }

  /** The text of a tar's manifest.json; undefined where it has none. */
  async manifest(path: string): Promise<string | undefined> {
    return once(this.#manifests, path, () =>
      run('tar', ['-xOf', path, 'manifest.json']).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
    );
  }

  /** Removes what was unpacked. */
  async close(): Promise<void> {
    await Promise.all(this.#directories.map((directory) => rm(directory, { recursive: true, force: true })));
  }

  async #unpack(path: string): Promise<LocalTree> {
    if (this.#directories.length === 0) removeLeft(this.#parent, PREFIX);
    const directory = await mkdtemp(join(this.#parent, ownName(PREFIX)));
    this.#directories.push(directory);
    try {
      await run('sh', ['-c', `${UNPACK.text}\nunpack "$1" "$2"`, 'sh', path, directory]);
      const tree = await readTree(join(directory, 'tree'), true, describe);
      return withoutImplied({ ...tree, path }, await readFile(join(directory, 'names'), 'utf8'));
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      throw new XrunError('E_LOCAL_FILE', `${path} cannot be unpacked: ${stderr?.trim() || message}`, { cause: error });
    }
  }
}

/** What was read of a file, as long as it stays the same. */
async function once<T>(known: Map<string, Promise<T>>, path: string, read: () => Promise<T>): Promise<T> {
  const { mtimeMs, size, ino } = await stat(path);
  const key = `${path} ${mtimeMs} ${size} ${ino}`;
  let found = known.get(key);
  if (!found) known.set(key, (found = read()));
  return found;
}
