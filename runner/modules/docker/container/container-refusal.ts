import { fileResource } from '../../path/file-state.ts';
import type { DecideContext, Decision } from '../../../model/module.ts';
import type { ContainerArgs } from './container-args.ts';
import type { ContainerState } from './container-state.ts';
import { neverHealthy } from './attributes/health.ts';
import { unsupported } from './attributes/limits.ts';

/** Why a container cannot be made on this host, as far as that can be seen before; undefined where nothing is in the way. */
export function impossible(
  args: ContainerArgs,
  { imageId, image: known, ids = {}, info, envFile, container }: ContainerState,
  { check, planned }: DecideContext,
): Decision<ContainerState> | undefined {
  const { name, image, pull, env_file } = args;
  const comes = (resource: string) => check && planned(resource) !== undefined;
  const fail = (message: string, hint: string): Decision<ContainerState> => ({ kind: 'fail', message, hint });
  if (!image) {
    const what = container ? `container ${name} must be made anew` : `container ${name} must be created`;
    return fail(`${what}, but no image is given`, 'Give `image`.');
  }
  if (!imageId && pull === 'never' && !comes(`docker_image:${image}`)) {
    return fail(
      `image ${image} is not on this host, and \`pull\` is never`,
      'Bring it by a task before: docker_image.',
    );
  }
  for (const mode of [args.network_mode, args.pid_mode, args.ipc_mode]) {
    const other = /^container:(.+)$/.exec(mode ?? '')?.[1];
    if (other && !ids[other] && !comes(`container:${other}`))
      return fail(`there is no container ${other} on this host, which ${mode} names`, 'Create it by a task before.');
  }
  if (env_file && !envFile && !comes(fileResource(env_file)))
    return fail(`env_file ${env_file} is not on this host`, 'Bring it by a task before: copy.');
  const ill = neverHealthy(args, known);
  if (ill) return ill;
  const without = unsupported(args, info);
  if (without.length > 0)
    return fail(
      `the kernel of this host does not support ${without.join(', ')}: Docker would ignore or refuse it`,
      '`docker info` shows what is missing; leave these arguments out here.',
    );
  return undefined;
}
