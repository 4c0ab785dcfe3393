import type { Position } from '../../../diagnostics/errors.ts';

/** One place where a text reads a variable. */
export interface Read {
  name: string;
  /** `b` of `a.b`, `a["b"]` and `lookup a "b"`; undefined where the whole of it is read, or what only the run can tell. */
  key?: string;
  /** Where the name stands; worked out when it is asked, for hardly any place is ever told. */
  place?(): Position | undefined;
  /** Where it stands with its key, if that is another place. */
  keyPlace?(): Position | undefined;
  /** Nothing decides whether it is read: no `#if`, no `&&`. */
  sure: boolean;
  /** The text does not fail where it is missing. */
  lenient: boolean;
}
