import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from './command.ts';
import { withLock } from './lock.ts';
import { mirror } from './mirror.ts';
import { cacheDir } from './paths.ts';
import { buildScript, packages, recipeHash } from './recipe.ts';
import { readStates, type Release } from './state.ts';

const unfinished = '.unfinished';
const week = 7 * 24 * 3600 * 1000;

/** Where the image of a release is, or would be, in the cache. */
export async function imageDirectory(release: Release): Promise<string> {
  return join(cacheDir, `${release}-${await recipeHash(release)}`);
}

/**
 * The directory of a release's file system, built first when it is not in the cache (a minute or two).
 * It is built beside and renamed when whole, one build of a kind at a time.
 */
export async function ensureImage(release: Release, progress: (line: string) => void): Promise<string> {
  const dir = await imageDirectory(release);
  if (await isDirectory(dir)) {
    await utimes(dir, new Date(), new Date());
    return dir;
  }
  await mkdir(cacheDir, { recursive: true });
  await removeOldImages();
  const build = async () => {
    if (await isDirectory(dir)) return;
    const partial = `${dir}${unfinished}`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o755 });
    progress(`building the image of Debian ${release}: a minute or two, once`);
    // In namespaces of its own, so that its mounts and processes end with it.
    const isolated = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    await run([...isolated, 'sh', buildScript, partial, release, await mirror(), ...packages(release)], {
      onLine: (line) => line.startsWith('==> ') && progress(line.slice(4)),
      endWith: 'SIGKILL', // unshare ignores SIGTERM; what runs below it dies with it
    });
    await rename(partial, dir);
  };
  await withLock(`${dir}.lock`, build, () => progress(`waiting for another build of ${release}`));
  return dir;
}

/** Removes what interrupted builds left in the cache, unless one is at work there. */
export async function removeUnfinishedImages(): Promise<void> {
  const names = (await readdir(cacheDir).catch(() => [])).filter((name) => name.endsWith(unfinished));
  for (const name of names) {
    const lock = join(cacheDir, `${name.slice(0, -unfinished.length)}.lock`);
    await attempt(['flock', '--nonblock', lock, 'rm', '-rf', join(cacheDir, name)]);
  }
}

/** Removes images of earlier recipes that no lab uses and that were not used for a week. */
async function removeOldImages(): Promise<void> {
  const used = (await readStates()).map((state) => state.imageDir);
  for (const entry of await readdir(cacheDir, { withFileTypes: true })) {
    const dir = join(cacheDir, entry.name);
    if (!entry.isDirectory() || used.includes(dir) || entry.name.endsWith(unfinished)) continue;
    if (Date.now() - (await stat(dir)).mtimeMs > week)
      for (const each of [dir, `${dir}.ext4`, `${dir}.ext4.lock`]) await rm(each, { recursive: true, force: true });
  }
}

const isDirectory = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
