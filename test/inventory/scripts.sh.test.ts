import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadInventory } from '../../runner/inventory/load.ts';

// What a dynamic inventory may do wrong, and what is told of it. That it says so at the script's place and with a typed
// error the loaders' fuzzing checks.
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xrun-script-'));
});
afterAll(() => rm(dir, { recursive: true }));

test.each([
  ['fails and says why', 'echo no cloud >&2; exit 3', /^x\.sh --list failed: no cloud$/],
  ['fails and says nothing', 'exit 3', /^x\.sh --list failed: exit status 3$/],
  ['prints nothing', '', /^x\.sh --list printed no JSON but nothing$/],
  ['greets first', 'echo Welcome; echo "{}"', /^x\.sh --list printed no JSON but "Welcome\\n\{\}\\n"$/],
  ['prints a lot of something else', 'seq 1 99', /^x\.sh --list printed no JSON but "1\\n2.{40,90}\.\.\."$/],
  ['prints a list', 'echo "[]"', /must be a mapping, found a list$/],
  ['has a name for a list', 'echo \'{"web": {"hosts": "w1"}}\'', /web\.hosts must be a list of names$/],
  ['knows no host', '[ "$1" = --list ] && echo \'{"web": ["w1"]}\'', /^x\.sh --host w1 failed: exit status 1$/],
])('a dynamic inventory that %s', async (_what, body, message) => {
  const path = join(dir, 'x.sh');
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  await expect(loadInventory(['x.sh'], { cwd: dir })).rejects.toMatchObject({
    code: 'E_INVENTORY',
    message: expect.stringMatching(message),
  });
});
