import { truthy } from '../../values/truthy.ts';
import { decided, NotKnown, settled, Unknown, unknownIn } from '../../values/unknown.ts';

/**
 * The arguments of a helper with all parts known. Throws NotKnown where the answer hangs on what a check cannot know;
 * `and`, `or`, `ternary`, `lookup` and `defined` may answer all the same.
 */
export function knownArguments(helper: string, args: unknown[]): unknown[] {
  const special = Object.hasOwn(specials, helper) ? specials[helper] : undefined;
  return special && unknownIn(args) ? special(args) : settled(args);
}

const specials: Record<string, (args: unknown[]) => unknown[]> = {
  and: (args) => deciding(args, false),
  or: (args) => deciding(args, true),
  defined: ([value]) => [decided(value)],
  lookup: ([container, key]) => [decided(container), settled(key)],
  ternary: ([condition, then, other]) => [truthy(decided(condition)), then, other],
};

/** Three-valued logic: one argument that decides is enough. */
function deciding(args: unknown[], by: boolean): unknown[] {
  if (args.some((arg) => !(arg instanceof Unknown) && truthy(arg) === by)) return [by];
  for (const arg of args) if (arg instanceof Unknown && !arg.known) throw new NotKnown(arg.why);
  return args.map((arg) => truthy(arg));
}
