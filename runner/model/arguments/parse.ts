import type * as z from 'zod';
import { valueAt } from '../../diagnostics/issue.ts';

type Issue = z.core.$ZodIssue;

/**
 * Arguments by a module's schema. A number where the schema wants text is that text, as in Ansible: `name: 8080`.
 *
 * @param options what zod's `safeParse` takes
 */
export function parseArguments(
  schema: z.ZodType,
  args: unknown,
  options?: Parameters<z.ZodType['safeParse']>[1],
): ReturnType<z.ZodType['safeParse']> {
  const result = schema.safeParse(args, options);
  if (result.success) return result;
  const numbers = result.error.issues.filter(
    (issue) => wantsText(issue) && typeof valueAt(args, issue.path) === 'number',
  );
  if (numbers.length === 0) return result;
  const texts = numbers.reduce((value, { path }) => withText(value, path), args);
  return schema.safeParse(texts, options);
}

function wantsText(issue: Issue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'string';
  return (
    issue.code === 'invalid_union' && issue.errors.flat().some((inner) => inner.path.length === 0 && wantsText(inner))
  );
}

/** The same value, with text instead of the number at a path. */
function withText(value: unknown, [key, ...path]: readonly PropertyKey[]): unknown {
  if (key === undefined) return String(value);
  if (Array.isArray(value)) return value.with(Number(key), withText(value[Number(key)], path));
  const mapping = value as Record<PropertyKey, unknown>;
  return { ...mapping, [key]: withText(mapping[key], path) };
}
