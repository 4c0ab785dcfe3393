import type { Comparison } from '../../api/attribute.ts';
import type { Attribute } from './attribute.ts';
import { ISOLATION } from './isolation.ts';
import type { IsolationArgs } from './isolation.ts';
import { LIFECYCLE } from './lifecycle.ts';
import type { LifecycleArgs } from './lifecycle.ts';
import { LIMITS } from './limits.ts';
import type { LimitArgs } from './limits.ts';
import { NETWORKING } from './networking.ts';
import type { NetworkingArgs } from './networking.ts';
import { PROCESS } from './process.ts';
import type { ProcessArgs } from './process.ts';
import { STORAGE } from './storage.ts';
import type { StorageArgs } from './storage.ts';

type Args = IsolationArgs & LifecycleArgs & LimitArgs & NetworkingArgs & ProcessArgs & StorageArgs;

/** All that is compared of a container besides its image, networks and MAC address. */
export const ATTRIBUTES: readonly Attribute<Args>[] = [
  ...PROCESS,
  ...STORAGE,
  ...NETWORKING,
  ...LIFECYCLE,
  ...LIMITS,
  ...ISOLATION,
];

/** Says which of `comparisons` cannot be had; undefined where all can. */
export function wrongComparison(comparisons: Record<string, Comparison>): string | undefined {
  const kinds = new Map<string, string>([
    ...ATTRIBUTES.map(({ arg, kind }) => [arg, kind] as const),
    ['image', 'value'],
    ['networks', 'set'],
    ['mac_address', 'value'],
    ['*', 'value'],
  ]);
  for (const [arg, comparison] of Object.entries(comparisons)) {
    const kind = kinds.get(arg);
    if (kind === undefined) return `'${arg}' is not an argument that is compared`;
    if (comparison === 'allow_more_present' && !['set', 'dictionary'].includes(kind))
      return `'${arg}' is compared strict or not at all: allow_more_present needs a set or names with values`;
  }
  return undefined;
}
