/** What kind of thing has no translation. */
export type JinjaCode =
  | 'J_SYNTAX'
  | 'J_FILTER'
  | 'J_TEST'
  | 'J_LOOKUP'
  | 'J_FUNCTION'
  | 'J_METHOD'
  | 'J_EXPRESSION'
  | 'J_STATEMENT'
  | 'J_NAME';

/** A range of the text, by offsets. */
export interface Span {
  start: number;
  end: number;
}

/** Something without a translation: where it is, and a sentence that says why. */
export interface JinjaProblem {
  code: JinjaCode;
  offset: number;
  length: number;
  message: string;
}

/** Ends the translation of one expression or template. */
export class NoTranslation extends Error {
  readonly problem: JinjaProblem;
  constructor(code: JinjaCode, { start, end }: Span, message: string) {
    super(message);
    this.problem = { code, offset: start, length: Math.max(end - start, 1), message };
  }
}
