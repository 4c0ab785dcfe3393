import { dockerJson } from '../docker/api/docker-json.ts';
import type { Sections } from './probe.ts';

/** The Docker of a host. Where the daemon does not answer, all but the client's version is null. */
export interface Docker {
  installed: boolean;
  /** The daemon's. */
  version: string | null;
  client_version: string | null;
  storage_driver: string | null;
  cgroup_driver: string | null;
  /** `active`, `inactive`... */
  swarm: string | null;
  /** Whether overlay networks may use an external store: Docker 1.9 to 20.10. */
  cluster_store_supported: boolean;
  cluster_store: string | null;
}

interface Info {
  ServerVersion?: string;
  Driver?: string;
  CgroupDriver?: string;
  ClusterStore?: string;
  Swarm?: { LocalNodeState?: string };
}

export function dockerOf(found: Sections): Docker {
  const [client, json] = found.docker ?? [];
  const info = read(json);
  const version = info.ServerVersion || null;
  const major = Number.parseInt(version ?? '', 10);
  return {
    installed: client !== undefined,
    version,
    client_version: /version ([^\s,]+)/.exec(client ?? '')?.[1] ?? null,
    storage_driver: info.Driver || null,
    cgroup_driver: info.CgroupDriver || null,
    swarm: info.Swarm?.LocalNodeState || null,
    cluster_store_supported: major < 23,
    cluster_store: info.ClusterStore || null,
  };
}

/** A daemon that is down leaves an error, or JSON without a server. */
function read(json: string | undefined): Info {
  if (!json?.startsWith('{')) return {};
  return dockerJson<Info>(json);
}
