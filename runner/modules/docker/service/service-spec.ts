import { differing } from '../api/attribute.ts';
import { SERVICE_ATTRIBUTES } from './service-attributes.ts';
import type { ServiceArgs, SwarmNames } from './service-args.ts';

/** A service as Docker's API has it. Only what is managed is looked into; the rest is passed back as it came. */
export type Spec = Record<string, unknown>;

/** The spec with all that the arguments manage, and what that changes. `spec` is left as it is. */
export function withArguments(
  spec: Spec,
  args: ServiceArgs,
  names: SwarmNames,
): { spec: Spec; differing: { arg: string; before: string; after: string }[] } {
  let next = spec;
  const changes: { arg: string; before: string; after: string }[] = [];
  for (const { arg, path, kind, more = false, api, canon = (value: unknown) => value } of SERVICE_ATTRIBUTES) {
    if (args[arg] === undefined) continue;
    const found = at(spec, path);
    const value = api ? api(args[arg] as never, found, names) : args[arg];
    const difference = differing(
      kind,
      more ? 'allow_more_present' : 'strict',
      canon(found as never),
      canon(value as never),
    );
    if (!difference) continue;
    changes.push({ arg, ...difference });
    next = withValue(next, path, value);
  }
  return { spec: next, differing: changes };
}

export function at(spec: Spec, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Spec | null | undefined)?.[key], spec);
}

function withValue(spec: Spec, [key = '', ...rest]: string[], value: unknown): Spec {
  return { ...spec, [key]: rest.length === 0 ? value : withValue((spec[key] ?? {}) as Spec, rest, value) };
}
