import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { dockerJson } from '../api/docker-json.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

export interface DockerVolume {
  driver: string;
  options: Record<string, string>;
  labels: Record<string, string>;
  mountpoint: string;
  scope: string;
}

export interface VolumeState {
  /** Undefined where there is none of the name. */
  volume?: DockerVolume;
  /** The containers that use it, running or not. Only where it may have to go. */
  users: string[];
}

/** A host that has none. */
export const NO_VOLUME: VolumeState = { users: [] };

interface Inspected {
  Name: string;
  Driver: string;
  Options: Record<string, string> | null;
  Labels: Record<string, string> | null;
  Mountpoint: string;
  Scope: string;
}

/**
 * Reads a volume. {@link parseVolume} understands it.
 *
 * @param users whether to ask what uses it
 */
export function probeVolume(name: string, users: boolean): Script {
  return asking(sh`if said=$(docker volume inspect --format 'volume={{json .}}' ${name} 2>&1); then printf '%s\\n' "$said"
${users && sh`docker ps --all --no-trunc --filter ${`volume=${name}`} --format 'user={{json .Names}}' || exit`}
else case $said in *'o such volume'*) echo none ;; *) printf '%s\\n' "$said" >&2; exit 1 ;; esac; fi`);
}

/** What {@link probeVolume} printed. Throws for output it cannot understand. */
export function parseVolume(probe: ProbeResult, { name }: { name: string }): VolumeState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  if (probe.stdout.trim() === 'none') return NO_VOLUME;
  const lines = <T>(key: string) =>
    [...probe.stdout.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map((match) => dockerJson<T>(match[1] as string));
  const [found] = lines<Inspected>('volume');
  if (found?.Name !== name) throw new Error(`docker was asked for the volume ${name} and did not report it`);
  return {
    volume: {
      driver: found.Driver,
      options: found.Options ?? {},
      labels: found.Labels ?? {},
      mountpoint: found.Mountpoint,
      scope: found.Scope,
    },
    users: lines<string>('user').sort(),
  };
}
