import { API_VERSION } from '../../../model/api-version.ts';
import type { Stamp } from '../../../model/api-version.ts';

/** What a helper may know besides its arguments. */
export interface Call {
  /** Named arguments. */
  named: Record<string, unknown>;
  env: Readonly<Record<string, string | undefined>>;
  /** The text of a file of the controller's, looked for beside the playbook and the role. */
  readFile(path: string): string;
}

/** One example: the documentation shows it and a test runs it. */
export interface Example {
  template: string;
  vars?: Record<string, unknown>;
  result: unknown;
}

/** A function of templates, and of conditions too where CEL has nothing of its own for it. */
export interface Helper extends Stamp<'helper'> {
  name: string;
  /** As the documentation shows them: `list separator?`, `value...`. The number of arguments is checked by it. */
  args: string;
  summary: string;
  example: Example;
  /** Named arguments with their meaning. */
  named?: Record<string, string>;
  /** A missing variable as the first argument is undefined instead of an error. */
  lenient?: true;
  /** CEL has an operator or a function of its own for this. */
  templatesOnly?: true;
  /** Plain values in and out. Throws {@link BadArgument}. */
  run(args: unknown[], call: Call): unknown;
}

/** A group of helpers, as the documentation has its sections. */
export interface HelperGroup {
  title: string;
  helpers: readonly Helper[];
}

/** An argument that a helper cannot use; `index` says which. */
export class BadArgument extends Error {
  readonly index: number;
  constructor(message: string, index = 0) {
    super(message);
    this.index = index;
  }
}

/** Returns the helper with the version of the API that it is written for. */
export function defineHelper(helper: Helper): Helper {
  return { kind: 'helper', api: API_VERSION, ...helper };
}
