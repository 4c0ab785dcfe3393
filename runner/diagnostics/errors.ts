/** A place in a file: 1-based line and column; `endCol` is exclusive, on the same line. */
export interface Position {
  file: string;
  line: number;
  col: number;
  endCol?: number;
}

/** What went wrong, in the words of the user who has to fix it. */
export interface ErrorDetails {
  /** Where in the user's files the cause is. */
  at?: Position;
  /** What to do about it: a nearest name, a command to run, a value that would be right. */
  hint?: string;
  cause?: unknown;
}

/**
 * An error that xrun foresaw. `code` is stable and listed in docs/errors.md; the message names what was found and
 * what was expected. Anything else that is thrown is a bug in xrun and is shown with its stack.
 */
export class XrunError extends Error {
  readonly code: string;
  readonly at?: Position;
  readonly hint?: string;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'XrunError';
    this.code = code;
    if (details.at) this.at = details.at;
    if (details.hint) this.hint = details.hint;
  }
}

/** Several errors found in one pass; the command line shows them all and leaves with exit code 2. */
export class XrunErrors extends XrunError {
  readonly errors: readonly XrunError[];

  constructor(errors: readonly XrunError[]) {
    super('E_INVALID', `${errors.length} error${errors.length === 1 ? '' : 's'} found`);
    this.errors = errors;
  }
}

/** `file:line:col`, the form that editors and terminals make a link of. */
export function formatPosition(at: Position): string {
  return `${at.file}:${at.line}:${at.col}`;
}
