import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where tests put their files: in memory, where this machine has a place for it that programs may be run from.
 * xrun syncs every file that it writes, and on a busy disk each of those takes longer than the whole test.
 */
export function fastTmp(): Record<string, string> {
  let dir: string | undefined;
  try {
    dir = mkdtempSync('/dev/shm/xrun-');
    writeFileSync(join(dir, 'program'), '#!/bin/sh\n', { mode: 0o700 });
    execFileSync(join(dir, 'program'));
    return { TMPDIR: '/dev/shm' };
  } catch {
    return {};
  } finally {
    if (dir) rmSync(dir, { recursive: true });
  }
}
