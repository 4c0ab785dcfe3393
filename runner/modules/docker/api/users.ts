import type { DecideContext } from '../../../model/module.ts';
import type { ContainerState } from '../container/container-state.ts';
import type { ServiceState } from '../service/service-state.ts';

/** Whether, in a check, an earlier task would take the container, or the `service NAME`, away that uses something. */
export function goes(user: string, { check, planned }: DecideContext): boolean {
  if (!check) return false;
  const service = /^service (.*)$/.exec(user)?.[1];
  const state = planned(service === undefined ? `docker_container:${user}` : `docker_service:${service}`) as
    | ContainerState
    | ServiceState
    | undefined;
  return state !== undefined && !('container' in state ? state.container : 'service' in state && state.service);
}
