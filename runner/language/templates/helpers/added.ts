import { learnHelper } from '../../conditions/cel.ts';
import type { Helper } from './helper.ts';
import { arity, groups, helpers } from './registry.ts';

/** The names of the helpers that xrun brings. */
export const builtInHelpers: ReadonlySet<string> = new Set(
  groups.flatMap((group) => group.helpers).map(({ name }) => name),
);

/** Adds a helper of a plugin to templates and conditions of this process; one of the same name, of an earlier load, is replaced. */
export function addHelper(helper: Helper): void {
  const known = { ...helper, ...arity(helper) };
  helpers.set(helper.name, known);
  if (!helper.templatesOnly) learnHelper(known);
}
