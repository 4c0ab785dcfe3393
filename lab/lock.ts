import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Takes a lock file of this machine, waiting until it is free (`onWait` is called once), and returns what releases it.
 * The kernel's lock is held by a child that ends with its stdin, so it is gone with this process, however that ends. The
 * empty file stays for good: if it were removed, who waits for it and who makes it anew would each have a lock.
 */
export async function takeLock(file: string, onWait?: () => void): Promise<() => void> {
  await mkdir(dirname(file), { recursive: true });
  // In a process group of its own: Ctrl-C must not release the lock before what it guards has ended.
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = onWait && setTimeout(onWait, 500);
  try {
    await once(holder.stdout, 'data');
  } finally {
    clearTimeout(waiting);
  }
  return () => holder.stdin.end();
}

/** Does `work` while no other process of this machine holds the lock file. */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  const release = await takeLock(file, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}
