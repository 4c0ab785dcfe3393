import { API_VERSION } from '../../../model/api-version.ts';
import type { Stamp } from '../../../model/api-version.ts';

/** How an address is asked. */
export interface Fetching {
  headers: Readonly<Record<string, string>>;
  /** Seconds. */
  timeout: number;
}

/** What helpers may reach on the controller. */
export interface Reach {
  env: Readonly<Record<string, string | undefined>>;
  /** The text of a file of the controller's, looked for beside the playbook and the role. */
  readFile(path: string): string;
  /** The files that a name or a pattern with `*` stands for, in the first folder of the role or the playbook that has any. */
  findFiles(pattern: string): string[];
  /** The text of a template of the controller's, rendered with the variables. */
  renderFile(path: string): string;
  /** The text of a file of the controller's, which is made where it is not there; relative to the playbook. */
  keepFile(path: string, make: () => string): string;
  /** What an address answers the controller, as text. */
  fetchText(address: string, fetching: Fetching): string;
}

/** What a helper may know besides its arguments. */
export interface Call extends Reach {
  /** Named arguments. */
  named: Record<string, unknown>;
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
  /** Named arguments with their meaning; the name `*` allows any. */
  named?: Record<string, string>;
  /** The first argument is undefined where it is missing, instead of an error. */
  lenient?: true;
  /** CEL has an operator or a function of its own for this. */
  templatesOnly?: true;
  /** Plain values in and out. Throws {@link BadArgument}. */
  run(args: unknown[], call: Call): unknown;
  /** In templates, instead of `run`: evaluates only the arguments that it needs. `args` are read by their index. */
  choose?(args: Arguments, call: Call): unknown;
}

/** Arguments that are evaluated when they are read. */
export interface Arguments {
  count: number;
  /** The value with all its parts known. Throws NotKnown. */
  known(index: number): unknown;
  /** The value; parts of it may be unknown. */
  open(index: number): unknown;
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

/** A value that is not there: the variable counts as missing, so that `default` and `defined` may ask. */
export class Absent extends BadArgument {}

/** A helper that evaluates only the arguments it needs; in conditions, which have operators for this, it gets all. */
export function lazily(helper: Omit<Helper, 'run'> & Required<Pick<Helper, 'choose'>>): Helper {
  const given = (args: unknown[]): Arguments => ({
    count: args.length,
    known: (index) => args[index],
    open: (index) => args[index],
  });
  return { ...helper, run: (args, call) => helper.choose(given(args), call) };
}

/** Returns the helper with the version of the API that it is written for. */
export function defineHelper(helper: Helper): Helper {
  return { kind: 'helper', api: API_VERSION, ...helper };
}
