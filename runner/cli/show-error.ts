import { XrunError } from '../diagnostics/errors.ts';
import { errorLines } from '../reporters/text/error-lines.ts';
import { clean } from '../diagnostics/clean.ts';
import { EXIT } from './exit-code.ts';
import { annotate } from './github.ts';
import { frames } from './prompts/frame.ts';
import type { Io } from './io.ts';
import { outOf } from './out.ts';
import { wantsColor } from './terminal.ts';

/** Reports on stderr what went wrong and returns the exit code: foreseen errors with their place, others with their stack. */
export function showError(error: unknown, io: Io): number {
  const err = outOf(io.stderr);
  if (error instanceof XrunError) {
    const color = wantsColor(io, io.stderr);
    err.write(`${errorLines(error, { color, frame: frames(io.cwd, color) }).join('\n')}\n`);
    annotate(error, io);
    return error.code === 'E_INTERRUPTED' ? EXIT.interrupted : EXIT.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err.write(`This is a bug in xrun. Please report it with the lines below and what you ran.\n${clean(stack)}\n`);
  return EXIT.failed;
}
