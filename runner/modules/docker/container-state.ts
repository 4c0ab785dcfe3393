import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import { asking, troubleOf } from './reach.ts';
import type { Trouble } from './reach.ts';

/** A container in one network. */
export interface Endpoint {
  NetworkID?: string;
  IPAddress?: string;
  GlobalIPv6Address?: string;
  IPPrefixLen?: number;
  Gateway?: string;
  MacAddress?: string;
  Aliases?: string[] | null;
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string } | null;
}

/** The part of `docker inspect` that is read here, in Docker's own words. */
export interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  State: { Status: string; Running: boolean; Paused?: boolean; Pid: number; ExitCode: number; Error?: string; OOMKilled?: boolean; Health?: { Status: string } };
  Config: Record<string, unknown>;
  HostConfig: Record<string, unknown>;
  NetworkSettings: { Networks: Record<string, Endpoint> | null; Ports?: unknown };
}

export interface ContainerState {
  /** Undefined where there is none of the name. */
  container?: Inspected;
  /** Id of the wanted image on this host, where it is there. */
  imageId?: string;
  /** Ids of the host's networks by name. */
  networks: Record<string, string>;
}

export const NO_CONTAINER: ContainerState = { networks: {} };

/** Reads a container, and what it is compared with. {@link parseContainer} understands it. */
export function probeContainer(name: string, image: string | undefined, networks: boolean): Script {
  return asking(sh`found=$(docker container inspect --format '{{json .}}' ${name} 2>&1) && printf 'container=%s\\n' "$found" || case $found in *'o such container'*) ;; *) printf '%s\\n' "$found" >&2; exit 1;; esac
${image !== undefined && sh`docker image inspect --format 'image={{.Id}}' ${image} 2>/dev/null`}
${networks && sh`docker network ls --no-trunc --format 'network={{.ID}} {{.Name}}'`}
true`);
}

/** What {@link probeContainer} printed. Throws for output it cannot understand. */
export function parseContainer(probe: ProbeResult, { name }: { name: string }): ContainerState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const text = /^container=(\{.*)$/m.exec(probe.stdout)?.[1];
  const imageId = /^image=(.+)$/m.exec(probe.stdout)?.[1];
  const found = text && (JSON.parse(text) as Inspected);
  const networks = Object.fromEntries([...probe.stdout.matchAll(/^network=(\S+) (.*)$/gm)].map(([, id, network]) => [network, id])) as Record<string, string>;
  // A name may also be the beginning of another container's id.
  return { networks, ...(found && found.Name === `/${name}` && { container: found }), ...(imageId && { imageId }) };
}
