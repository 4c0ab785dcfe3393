import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Position } from '../../diagnostics/errors.ts';
import { codeFrame } from '../../reporters/text/code-frame.ts';

/** Shows the user's own lines around a place; undefined for what is not a file (`command line`) or cannot be read. */
export function frames(cwd: string, color: boolean): (at: Position) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (at) => {
    const file = path.resolve(cwd, at.file);
    if (!texts.has(file)) texts.set(file, textOf(file));
    const text = texts.get(file);
    return text === undefined ? undefined : codeFrame(text, at, { color });
  };
}

/** Encrypted files are not shown: the place is one of what was decrypted. */
function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.startsWith('$ANSIBLE_VAULT;') ? undefined : text;
  } catch {
    return undefined;
  }
}
