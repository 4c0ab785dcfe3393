import { decided, settled, unknownIn } from '../../values/unknown.ts';

/**
 * The arguments of a helper with all parts known. Throws NotKnown where the answer hangs on what a check cannot know;
 * `lookup` and `defined` may answer all the same.
 */
export function knownArguments(helper: string, args: unknown[]): unknown[] {
  const special = Object.hasOwn(specials, helper) ? specials[helper] : undefined;
  return special && unknownIn(args) ? special(args) : settled(args);
}

const specials: Record<string, (args: unknown[]) => unknown[]> = {
  defined: ([value]) => [decided(value)],
  lookup: ([container, key]) => [decided(container), settled(key)],
};
