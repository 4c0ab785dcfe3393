import type { ApiHealthcheck } from '../values/healthcheck.ts';

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
  State: {
    Status: string;
    Running: boolean;
    Paused?: boolean;
    Restarting?: boolean;
    Pid: number;
    ExitCode: number;
    Error?: string;
    OOMKilled?: boolean;
    StartedAt?: string;
    Health?: { Status: string; Log?: { Output?: string }[] | null };
  };
  RestartCount?: number;
  Config: Record<string, unknown>;
  HostConfig: Record<string, unknown>;
  NetworkSettings: { Networks: Record<string, Endpoint> | null; Ports?: unknown };
}

/** An image's configuration, which a container has where nothing else was asked for. */
export interface ImageConfig {
  Cmd?: string[] | null;
  Env?: string[] | null;
  Labels?: Record<string, string> | null;
  Volumes?: Record<string, unknown> | null;
  Healthcheck?: ApiHealthcheck | null;
  [key: string]: unknown;
}

/** What a container is compared with besides the arguments. */
export interface World {
  /** Undefined where the image is not on the host. */
  image?: ImageConfig;
  /** Ids of containers that the arguments name. */
  ids: Record<string, string>;
  /** Ids of the networks of the host by name. */
  networks: Record<string, string>;
}
