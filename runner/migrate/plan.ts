import type { XrunError } from '../diagnostics/errors.ts';
import type { Remark } from './edit/file-edit.ts';

/** One file of the project, as it was and as it is to be. */
export interface Change {
  /** Below the root, with `/`. */
  name: string;
  /** The name that it has now, where it gets another one. */
  from?: string;
  /** Undefined for a file that is not there yet. */
  before?: string;
  after: string;
}

/** What a migration would do, and what it leaves to people. */
export interface Plan {
  root: string;
  changes: Change[];
  /** Every file, links left out. */
  files: string[];
  /** Symbolic links, which stay as they are and are not followed. */
  links: string[];
  /** What stayed as it was, in the order of files and places. */
  remarks: Remark[];
  /** Files that could not be read as YAML. */
  errors: XrunError[];
  expressions: { total: number; moved: number };
  templates: { total: number; byHand: string[] };
  /** Helpers to be written, by file. */
  helpers: string[];
}
