import * as z from 'zod';
import type { Decision } from '../../../model/module.ts';

/** A label that says whose a thing is. */
export interface Owner {
  label: string;
  /** Undefined: any value. */
  value?: string;
}

/** `LABEL` or `LABEL=VALUE`; empty text is as if it were not given. */
export const ownedBy = z
  .string()
  .regex(/^([^=\s]+(=.*)?)?$/, 'expected LABEL or LABEL=VALUE')
  .transform((text): Owner | undefined => {
    const [label = '', ...value] = text.split('=');
    return label === '' ? undefined : { label, ...(value.length > 0 && { value: value.join('=') }) };
  })
  .optional()
  .describe(
    '`LABEL` or `LABEL=VALUE`: what is made gets this label, and what is there without it is never changed, replaced or removed. Empty: no such limit.',
  );

/** The label as a thing is to have it. */
export function ownLabel(owner: Owner | undefined): Record<string, string> {
  return owner ? { [owner.label]: owner.value ?? '' } : {};
}

/** Whether a thing with these labels may be touched. */
export function owns(owner: Owner | undefined, labels: Record<string, string> | null | undefined): boolean {
  if (!owner) return true;
  return (
    Object.hasOwn(labels ?? {}, owner.label) && (owner.value === undefined || labels?.[owner.label] === owner.value)
  );
}

/** Refuses what would change a thing that lacks the label; any other decision is kept. */
export function guarded<State>(
  owner: Owner | undefined,
  labels: Record<string, string> | null | undefined,
  what: string,
  decision: Decision<State>,
): Decision<State> {
  if (decision.kind !== 'change' || owns(owner, labels)) return decision;
  const label = `${owner?.label ?? ''}${owner?.value === undefined ? '' : `=${owner.value}`}`;
  return {
    kind: 'fail',
    message: `${what} was not made by xrun: it does not have the label ${label}, so it is left as it is`,
    hint: 'Choose another name, remove it yourself, or take it over with an empty `owned_by`.',
  };
}
