import type { Decision } from '../../../../model/module.ts';
import { apiHealthcheck } from '../../values/healthcheck.ts';
import type { ContainerArgs } from '../container-args.ts';
import type { ContainerState } from '../container-state.ts';
import type { ImageConfig, Inspected } from '../inspected.ts';

/** Why a container that is to be made could never be healthy; undefined where that cannot be seen before. */
export function neverHealthy({ state, name, healthcheck }: ContainerArgs, image: ImageConfig | undefined) {
  if (state !== 'healthy') return undefined;
  const own = healthcheck && apiHealthcheck(healthcheck).Test;
  const test = own?.length ? own : image && (image.Healthcheck?.Test ?? []);
  return test && (test.length === 0 || test[0] === 'NONE') ? withoutHealthcheck(name) : undefined;
}

/** Waits for a running container until its healthcheck says that it is well; undefined where it is, or need not be. */
export function health(
  { state, name, healthy_wait_timeout }: ContainerArgs,
  { State }: Inspected,
): Decision<ContainerState> | undefined {
  if (state !== 'healthy' || State.Health?.Status === 'healthy') return undefined;
  if (!State.Health || State.Health.Status === 'none') return withoutHealthcheck(name);
  const [last] = (State.Health.Log ?? []).slice(-1);
  const said = last?.Output?.trim() ? `: ${last.Output.trim()}` : '';
  const why = `container ${name} is ${State.Health.Status}${said}`;
  return { kind: 'wait', why, interval: 1, timeout: healthy_wait_timeout };
}

function withoutHealthcheck(name: string): Decision<ContainerState> & { kind: 'fail' } {
  return {
    kind: 'fail',
    message: `container ${name} has no healthcheck, so it never becomes healthy`,
    hint: 'Give `healthcheck`, or use `state: started`.',
  };
}
