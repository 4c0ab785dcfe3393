import type { Pos } from '../errors.ts';
import type { Io } from './io.ts';

/** Shows the user's own lines around a place. */
export function frameOf(_io: Io): ((at: Pos) => string | undefined) | undefined {
  return undefined;
}
