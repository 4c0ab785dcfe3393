import { XrunError, XrunErrors } from './errors.ts';
import type { Position } from './errors.ts';

/** Gathers errors, so that one pass over the files reports them all. */
export class Problems {
  readonly errors: XrunError[] = [];
  readonly warnings: XrunError[] = [];
  /** Names of the files that were read, in that order. */
  readonly files: string[] = [];

  /** Notes an error; reading goes on. */
  add(code: string, message: string, at: Position | undefined, hint?: string): void {
    this.errors.push(new XrunError(code, message, { ...(at && { at }), ...(hint && { hint }) }));
  }

  /** Notes something that works but is probably not meant. */
  warn(code: string, message: string, at: Position | undefined, hint?: string): void {
    this.warnings.push(new XrunError(code, message, { ...(at && { at }), ...(hint && { hint }) }));
  }

  /** Notes what was thrown where a single error must not stop the pass. Bugs are thrown on. */
  caught(error: unknown): void {
    if (error instanceof XrunErrors) this.errors.push(...error.errors);
    else if (error instanceof XrunError) this.errors.push(error);
    else throw error;
  }

  /** Does `check`; what it throws is noted. */
  attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.caught(error);
    }
  }

  /** Throws XrunErrors where anything was noted: file by file as they were read, each from top to bottom. */
  throwAny(): void {
    if (this.errors.length > 0) throw new XrunErrors(inOrder(this.errors, this.files));
  }
}

/** Sorted by file (those of `first`, then as they occur), then by line and column; the same error only once. */
export function inOrder(errors: readonly XrunError[], first: readonly string[] = []): XrunError[] {
  const files = [...new Set([...first, ...errors.map((error) => error.at?.file)])];
  const seen = new Set<string>();
  return errors
    .filter((error) => {
      const key = `${error.code} ${error.message} ${error.at?.file}:${error.at?.line}:${error.at?.col}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => {
      return (
        files.indexOf(a.at?.file) - files.indexOf(b.at?.file) ||
        (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
        (a.at?.col ?? 0) - (b.at?.col ?? 0)
      );
    });
}
