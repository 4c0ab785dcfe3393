import type { Comparison } from '../../api/attribute.ts';
import type { ContainerArgs } from '../container-args.ts';
import type { Attribute, Request } from './attribute.ts';
import { ATTRIBUTES } from './attributes.ts';

/** The attributes that the arguments name. */
export function managed(args: ContainerArgs): Attribute<ContainerArgs>[] {
  return ATTRIBUTES.filter(({ arg }) => args[arg] !== undefined);
}

/** How an attribute is compared. */
export function comparisonOf({ comparisons }: ContainerArgs, arg: string, more: boolean): Comparison {
  return comparisons[arg] ?? comparisons['*'] ?? (more ? 'allow_more_present' : 'strict');
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
