import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Files of this machine, by the variable of the playbook that takes them. */
export type GivenFiles = Readonly<Record<string, string>>;

/** Parses `VARIABLE=FILE`, an option that may be given several times; refuses a variable that is not `known`. */
export function givenFile(known: readonly string[]) {
  return (text: string, before: GivenFiles): GivenFiles => {
    const [variable = '', ...rest] = text.split('=');
    const file = resolve(rest.join('='));
    if (!known.includes(variable))
      throw new InvalidArgumentError(`It must be VARIABLE=FILE, with one of ${known.join(', ')}.`);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new InvalidArgumentError(`There is no file ${file}.`);
    return { ...before, [variable]: file };
  };
}

/** Those that a playbook wants as the variables it takes them by: each `x_file` has its `x_checksum`. */
export function asVariables(wanted: readonly string[], given: GivenFiles): Record<string, string> {
  const pairs = wanted.flatMap((variable) => [
    [variable, given[variable]!],
    [variable.replace(/file$/, 'checksum'), createHash('sha256').update(readFileSync(given[variable]!)).digest('hex')],
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
