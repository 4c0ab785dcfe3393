import type { Position } from '../../../diagnostics/errors.ts';

/** One place where a text reads a variable. */
export interface Read {
  name: string;
  /** `b` of `a.b`, `a["b"]` and `lookup a "b"`; undefined where the whole of it is read, or what only the run can know. */
  key?: string;
  /** The position of the name; worked out on demand, since hardly any is ever reported. */
  place?(): Position | undefined;
  /** Its position with its key, if that differs. */
  keyPlace?(): Position | undefined;
  /** Nothing decides whether it is read: no `#if`, no `&&`. */
  sure: boolean;
  /** The text does not fail where it is missing. */
  lenient: boolean;
}
