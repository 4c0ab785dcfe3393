import type { Comparison } from '../attribute.ts';
import type { ContainerArgs } from '../container-args.ts';
import type { Attribute, Request } from './attribute.ts';
import { ISOLATION } from './isolation.ts';
import { LIFECYCLE } from './lifecycle.ts';
import { LIMITS } from './limits.ts';
import { NETWORKING } from './networking.ts';
import { PROCESS } from './process.ts';
import { STORAGE } from './storage.ts';

const ATTRIBUTES: readonly Attribute[] = [...PROCESS, ...STORAGE, ...NETWORKING, ...LIFECYCLE, ...LIMITS, ...ISOLATION];

/** The attributes that the arguments name. */
export function managed(args: ContainerArgs): Attribute[] {
  return ATTRIBUTES.filter(({ arg }) => args[arg] !== undefined);
}

/** How an attribute is compared. */
export function comparisonOf({ comparisons }: ContainerArgs, arg: string, more: boolean): Comparison {
  return comparisons[arg] ?? comparisons['*'] ?? (more ? 'allow_more_present' : 'strict');
}

/** Says which of `comparisons` cannot be had; undefined where all can. */
export function wrongComparison(comparisons: Record<string, Comparison>): string | undefined {
  const kinds = new Map<string, string>([...ATTRIBUTES.map(({ arg, kind }) => [arg, kind] as const), ['image', 'value'], ['networks', 'set'], ['mac_address', 'value'], ['*', 'value']]);
  for (const [arg, comparison] of Object.entries(comparisons)) {
    const kind = kinds.get(arg);
    if (kind === undefined) return `'${arg}' is not an argument that is compared`;
    if (comparison === 'allow_more_present' && !['set', 'dictionary'].includes(kind)) return `'${arg}' is compared strict or not at all: allow_more_present needs a set or names with values`;
  }
  return undefined;
}

/** What is asked of Docker's API for the arguments. */
export function requestOf(args: ContainerArgs): Required<Request> {
  const whole: Required<Request> = { Config: {}, HostConfig: {} };
  for (const { arg, in: part, key, api, request } of managed(args)) {
    const value = args[arg] as never;
    const asked: Request = request ? request(value, args) : { [part]: { [key]: api ? api(value, args) : value } };
    merge(whole.Config, asked.Config);
    merge(whole.HostConfig, asked.HostConfig);
  }
  return whole;
}

/** Ports are exposed by more than one argument. */
function merge(into: Record<string, unknown>, from: Record<string, unknown> = {}): void {
  for (const [key, value] of Object.entries(from)) {
    into[key] = key === 'ExposedPorts' ? { ...(into[key] as object | undefined), ...(value as object) } : value;
  }
}
