import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Does `work` while no other process of this machine holds the lock file; `onWait` is told when it has to wait.
 * The kernel's lock is held by a child that ends with its stdin, so it is gone with this process, however that ends.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  // In a process group of its own: Ctrl-C must not release the lock before what it guards has ended.
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat'], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = onWait && setTimeout(onWait, 500);
  try {
    await once(holder.stdout, 'data');
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    holder.stdin.end();
  }
}
