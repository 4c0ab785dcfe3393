import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { withLock } from './lock.ts';
import { mirror } from './mirror.ts';
import { cacheDir } from './paths.ts';
import { buildScript, packages, recipeHash } from './recipe.ts';
import type { Release } from './state.ts';

const unfinished = '.unfinished';

/**
 * The directory of a release's file system, built first when it is not in the cache (a minute or two).
 * It is built beside and renamed when whole, one build of a kind at a time.
 */
export async function ensureImage(release: Release, progress: (line: string) => void): Promise<string> {
  const name = `${release}-${await recipeHash(release)}`;
  const dir = join(cacheDir, name);
  if (await isDirectory(dir)) return dir;
  await mkdir(cacheDir, { recursive: true });
  const build = async () => {
    if (await isDirectory(dir)) return;
    const partial = `${dir}${unfinished}`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o755 });
    progress(`building the image of Debian ${release}: a minute or two, once`);
    // In namespaces of its own, so that its mounts and processes end with it.
    const isolated = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    await run([...isolated, 'sh', buildScript, partial, release, await mirror(), ...packages(release)], {
      onLine: line => line.startsWith('==> ') && progress(line.slice(4)),
      endWith: 'SIGKILL', // unshare ignores SIGTERM; what runs below it dies with it
    });
    await rename(partial, dir);
  };
  await withLock(join(cacheDir, `${name}.lock`), build, () => progress(`waiting for another build of ${release}`));
  return dir;
}

/** Removes what interrupted builds left in the cache, unless one is at work there. */
export async function removeUnfinishedImages(): Promise<void> {
  const names = (await readdir(cacheDir).catch(() => [])).filter(name => name.endsWith(unfinished));
  for (const name of names) {
    const lock = join(cacheDir, `${name.slice(0, -unfinished.length)}.lock`);
    // Under the lock: a build at work is waited for, and leaves nothing to remove.
    await withLock(lock, () => rm(join(cacheDir, name), { recursive: true, force: true }));
  }
}

const isDirectory = (path: string) => stat(path).then(found => found.isDirectory(), () => false);
