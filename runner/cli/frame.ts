import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Pos } from '../errors.ts';
import { codeFrame } from '../report/code-frame.ts';
import type { Io } from './io.ts';

/** Shows the user's own lines around a place. */
export function frameOf(io: Io): ((at: Pos) => string | undefined) | undefined {
  const texts = new Map<string, string | undefined>();
  return (at) => {
    const file = resolve(io.cwd, at.file);
    if (!texts.has(file)) texts.set(file, read(file));
    const text = texts.get(file);
    return text === undefined ? undefined : codeFrame(text, at, { color: false });
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
