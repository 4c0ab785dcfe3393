import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { dockerJson } from '../api/docker-json.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { runs } from './container-args.ts';
import type { ContainerArgs } from './container-args.ts';
import type { ImageConfig, Inspected } from './inspected.ts';
import { needsKernel } from './attributes/limits.ts';
import { TAKE, takenAt, takenOf } from '../../path/taken.ts';
import { envFileOf } from '../values/env-file.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

export interface ContainerState {
  /** Undefined where there is none of the name. */
  container?: Inspected;
  /** What a run left that was interrupted while it replaced the container: the old one, and the new one. */
  old?: Inspected;
  fresh?: Inspected;
  /** Id and configuration of the wanted image on this host, where it is there. */
  imageId?: string;
  image?: ImageConfig;
  /** Ids of containers that the arguments name. */
  ids?: Record<string, string>;
  /** Ids of the networks of the host by name. */
  networks: Record<string, string>;
  /** `docker info`, where a limit needs to know what the kernel can. */
  info?: Record<string, unknown>;
  /** The variables of `env_file`, where it is given. */
  envFile?: Record<string, string>;
  /** Seconds that the container has been running, by its host's clock. */
  uptime?: number;
  /** The last lines that a container printed which does not run as it should. */
  lastWords?: string;
}

export const NO_CONTAINER: ContainerState = { networks: {} };

/** The names that a container has while another one takes its place. */
export const oldName = (name: string) => `${name}.xrun-old`;
export const freshName = (name: string) => `${name}.xrun-new`;

/** Containers that the arguments name besides their own. */
function referred({ network_mode, pid_mode, ipc_mode }: ContainerArgs): string[] {
  return [
    ...new Set([network_mode, pid_mode, ipc_mode].flatMap((mode) => /^container:(.+)$/.exec(mode ?? '')?.[1] ?? [])),
  ];
}

/** Reads a container, and what it is compared with. {@link parseContainer} understands it. */
export function probeContainer(args: ContainerArgs): Script {
  const { name, image, networks, network_mode, env_file, state } = args;
  const names = [name, oldName(name), freshName(name), ...referred(args)];
  // Those that are there are printed, and a message for each of the others.
  return asking(sh`found=$(docker container inspect --format 'container={{json .}}' ${names} 2>&1) || case $found in *'o such container'*) ;; *) printf '%s\\n' "$found" >&2; exit 1;; esac
printf '%s\\n' "$found"
${image !== undefined && sh`image=$(docker image inspect --format '{"id":{{json .Id}},"config":{{json .Config}}}' ${image} 2>&1) && printf 'image=%s\\n' "$image" || case $image in *'o such image'*) ;; *) printf '%s\\n' "$image" >&2; exit 1;; esac`}
${(networks !== undefined || network_mode !== undefined) && raw(`docker network ls --no-trunc --format 'network={{json .}}' || exit`)}
${needsKernel(args) && raw(`docker info --format 'info={{json .}}' || exit`)}
${
  env_file !== undefined &&
  state !== 'absent' &&
  sh`if [ -e ${env_file} ]; then ${raw(TAKE)}
_take ${env_file} || exit; fi`
}
${runs(args) && sh`now=$(date +%s) && [ "$now" ] || { echo 'date gave no answer' >&2; exit 1; }; echo "now=$now"; case $found in *'"Restarting":true'*|*'"RestartCount":'[1-9]*|*'"Status":"exited"'*|*'"Status":"dead"'*) docker logs --tail 3 ${name} 2>&1 | while IFS= read -r line || [ "$line" ]; do printf 'last:%s\\n' "$line"; done; esac`}
true`);
}

/** What {@link probeContainer} printed. Throws for output it cannot understand. */
export function parseContainer(probe: ProbeResult, args: ContainerArgs): ContainerState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const { name } = args;
  const lines = (key: string) =>
    [...probe.stdout.matchAll(new RegExp(`^${key}(.*)$`, 'gm'))].map((match) => match[1] as string);
  const found = lines('container=').map((text) => dockerJson<Inspected>(text));
  const missing = [...probe.stdout.matchAll(/o such container/gi)].length;
  const asked = 3 + referred(args).length;
  if (found.length + missing < asked) throw new Error(`asked for ${asked} containers, and got ${found.length}`);
  // A name may also be the beginning of another container's id.
  const called = (wanted: string) => found.find((one) => one.Name === `/${wanted}`);
  const ids = referred(args).flatMap((one) => {
    const other = called(one) ?? found.find(({ Id }) => Id.startsWith(one));
    return other ? [[one, other.Id]] : [];
  });
  const image = lines('image=').map((text) => dockerJson<{ id: string; config: ImageConfig | null }>(text))[0];
  const info = lines('info=').map((text) => dockerJson<Record<string, unknown>>(text))[0];
  if (needsKernel(args) && !info) throw new Error('docker info printed nothing');
  const networks = lines('network=').map((text) => dockerJson<{ ID: string; Name: string }>(text));
  const envFile =
    args.env_file === undefined || takenAt(probe.stdout) === -1
      ? undefined
      : envFileOf(takenOf(probe.stdout.slice(takenAt(probe.stdout))).toString('utf8'));
  const [now] = lines('now=').map(Number);
  const lastWords = lines('last:').join('\n').trim();
  const [container, old, fresh] = [called(name), called(oldName(name)), called(freshName(name))];
  return {
    networks: Object.fromEntries(networks.map(({ ID, Name }) => [Name, ID])),
    ...(container && { container }),
    ...(old && { old }),
    ...(fresh && { fresh }),
    ...(image && { imageId: image.id, image: image.config ?? {} }),
    ...(ids.length > 0 && { ids: Object.fromEntries(ids) as Record<string, string> }),
    ...(info && { info }),
    ...(envFile && { envFile }),
    ...(now &&
      container?.State.StartedAt && { uptime: now - Math.floor(Date.parse(container.State.StartedAt) / 1000) }),
    ...(lastWords && { lastWords }),
  };
}
