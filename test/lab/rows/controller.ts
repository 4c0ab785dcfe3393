import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Files of the controller that rows bring to the host: `site`, a directory; `site.tar.gz`, the same; `root.tar`, a file system; `nine.sh`, a script. */
export const CONTROLLER = mkdtempSync(join(tmpdir(), 'xrun-rows-'));
afterAll(() => rmSync(CONTROLLER, { recursive: true }));

mkdirSync(join(CONTROLLER, 'site/sub'), { recursive: true });
write('site/one', 'one\n', 0o644);
write('site/sub/two', 'two\n', 0o750);
symlinkSync('sub/two', join(CONTROLLER, 'site/link'));
execFileSync('tar', ['-czf', join(CONTROLLER, 'site.tar.gz'), '-C', CONTROLLER, 'site']);
execFileSync('tar', ['-cf', join(CONTROLLER, 'root.tar'), '-C', join(CONTROLLER, 'site'), '.']);
write('nine.sh', '#!/bin/sh\necho "$1" >/srv/scripted\n', 0o644);

function write(name: string, text: string, mode: number): void {
  writeFileSync(join(CONTROLLER, name), text);
  chmodSync(join(CONTROLLER, name), mode);
}
