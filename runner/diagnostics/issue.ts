import type * as z from 'zod';
import { didYouMean } from './nearest.ts';
import { found } from './found.ts';

type ZodIssue = z.core.$ZodIssue;

/** One thing that a value lacks for its schema, in the words of messages. */
export interface Issue {
  path: (string | number)[];
  /** A key that the schema does not know, the last of `path`. */
  unknownKey?: true;
  /** The value is not there at all. */
  missing?: true;
  message: string;
  hint?: string;
}

/** The issues of a failed parse of `value`, each at the deepest place that is known. */
export function issuesOf(error: z.ZodError, value: unknown): Issue[] {
  return error.issues.flatMap((issue) => describe(issue as ZodIssue, value));
}

/** What `path` leads to in `value`. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}

function describe(issue: ZodIssue, root: unknown): Issue[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], unknownKey: true, message: `unknown key '${key}'` }));
  }
  if (issue.code === 'invalid_union') {
    const inner = deepest(issue);
    if (inner.length > 0) return inner.flatMap((one) => describe({ ...one, path: [...issue.path, ...one.path] }, root));
  }
  const value = valueAt(root, path);
  const { wanted, hint } = wantedBy(issue, value);
  if (value === undefined && path.length > 0)
    return [
      { path, missing: true, message: `'${path.at(-1)}' is missing`, ...(wanted && { hint: `It takes ${wanted}.` }) },
    ];
  const message = wanted ? `found ${found(value)}, expected ${wanted}` : issue.message;
  return [{ path, message, ...(hint && { hint }) }];
}

/** Of the branches of a union that got into the value, the one with the fewest complaints. */
function deepest(issue: ZodIssue & { code: 'invalid_union' }): ZodIssue[] {
  const branches = issue.errors.map((branch) => branch.flatMap(opened));
  const inside = branches.filter(
    (branch) => branch.length > 0 && branch.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
  );
  return inside.sort((a, b) => a.length - b.length)[0] ?? [];
}

/** A union in a union is replaced by what its own deepest branch says. */
function opened(issue: ZodIssue): ZodIssue[] {
  const inner = issue.code === 'invalid_union' ? deepest(issue) : [];
  return inner.length > 0 ? inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })) : [issue];
}

function wantedBy(issue: ZodIssue, value: unknown): { wanted?: string; hint?: string } {
  const own = /^expected (.*)$/s.exec(issue.message)?.[1];
  if (own) return { wanted: own };
  if (issue.code === 'invalid_value') {
    const hint = typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : undefined;
    return {
      wanted: issue.values
        .map((one) => `'${String(one)}'`)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1'),
      ...(hint && { hint }),
    };
  }
  if (issue.code === 'invalid_type') return { wanted: typeNames[issue.expected] ?? issue.expected };
  if (issue.code === 'invalid_format' && issue.format === 'regex')
    return { wanted: `a text that matches ${issue.pattern}` };
  const expected = /^(?:Invalid|Too).*expected (.*)$/s.exec(issue.message)?.[1];
  return expected ? { wanted: expected } : {};
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a mapping',
  object: 'a mapping',
  null: 'nothing',
};
