import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { identityOf, thisProcess } from './process-identity.ts';

const mark = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** `PREFIX`, and which process of which machine makes what has a name that begins so; something random is to follow. */
export function ownName(prefix: string): string {
  const { host, pid, since } = thisProcess();
  return `${prefix}${mark(host)}-${pid}-${mark(since)}-`;
}

/**
 * Removes from a directory what processes of this user on this machine left there under such a name that are gone. Throws
 * nothing: what cannot be removed stays for the next run.
 */
export function removeLeft(directory: string, prefix: string): void {
  const named = new RegExp(`^[0-9a-f]{8}-(\\d+)-([0-9a-f]{8})-`);
  try {
    for (const name of readdirSync(directory)) {
      const [, pid, since] =
        (name.startsWith(`${prefix}${mark(hostname())}-`) && named.exec(name.slice(prefix.length))) || [];
      if (pid === undefined || mark(identityOf(Number(pid))?.since ?? 'gone') === since) continue;
      const path = join(directory, name);
      if (lstatSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Not a directory that can be read, or another process was faster.
  }
}
