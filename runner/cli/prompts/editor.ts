import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownName, removeLeft } from '../../controller/own-files.ts';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Io } from '../io.ts';

const PREFIX = 'xrun-edit-';

/**
 * Lets the person edit a text in $VISUAL or $EDITOR, and returns what they left. Only they can read it meanwhile.
 * @throws XrunError E_EDITOR where the editor fails: nothing is kept then.
 */
export function editText(text: Buffer, name: string, io: Io): Buffer {
  removeLeft(tmpdir(), PREFIX);
  const folder = mkdtempSync(path.join(tmpdir(), ownName(PREFIX)));
  const file = path.join(folder, name);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const editor = io.env.VISUAL || io.env.EDITOR || 'vi';
    // Editors are often given with options: the shell splits them.
    const ended = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env: io.env, cwd: io.cwd });
    if (ended.status !== 0)
      throw new XrunError('E_EDITOR', `the editor '${editor}' failed; the file is as it was`, { hint: 'Set EDITOR.' });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
