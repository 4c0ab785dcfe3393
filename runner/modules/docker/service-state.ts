import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import { asking, troubleOf } from './reach.ts';
import type { Trouble } from './reach.ts';
import type { Spec } from './service-spec.ts';

export interface Service {
  id: string;
  version: number;
  spec: Spec;
  /** `updating`, `paused`, `completed`, `rollback_started`...; of the last update, if there was one. */
  update?: string;
  updateMessage?: string;
  running: number;
  desired: number;
  /** What tasks that do not run say of it. */
  errors: string[];
}

export interface ServiceState {
  manager: boolean;
  service?: Service;
  /** Names of the swarm's networks by id. */
  networks: Record<string, string>;
}

interface Inspected {
  ID: string;
  Version: { Index: number };
  Spec: Spec;
  UpdateStatus?: { State?: string; Message?: string };
}

export const NO_SERVICE: ServiceState = { manager: false, networks: {} };

/** Reads a service, its tasks and the names of networks. {@link parseService} understands it. */
export function probeService(name: string): Script {
  return asking(sh`found=$(docker service inspect --format '{{json .}}' ${name} 2>&1) && printf 'service=%s\\n' "$found" || case $found in *'o such service'*) exit 0;; *) printf '%s\\n' "$found" >&2; exit 1;; esac
docker service ls --filter ${`name=${name}`} --format 'replicas={{.Name}} {{.Replicas}}'
docker service ps ${name} --no-trunc --format 'task={{.CurrentState}}|{{.Node}}|{{.Error}}'
docker network ls --no-trunc --filter driver=overlay --format 'network={{.ID}} {{.Name}}'`);
}

/** What {@link probeService} printed. Throws for output it cannot understand. */
export function parseService(probe: ProbeResult, { name }: { name: string }): ServiceState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (/not a swarm manager|not part of a swarm/i.test(probe.stderr)) return NO_SERVICE;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const text = /^service=(.*)$/m.exec(probe.stdout)?.[1];
  const networks = Object.fromEntries([...probe.stdout.matchAll(/^network=(\S+) (.*)$/gm)].map(([, id, network]) => [id, network])) as Record<string, string>;
  const found = text && (JSON.parse(text) as Inspected);
  if (!found || found.Spec.Name !== name) return { manager: true, networks };
  return { manager: true, networks, service: serviceOf(found, probe.stdout, networks) };
}

function serviceOf({ ID, Version, Spec, UpdateStatus }: Inspected, output: string, networks: Record<string, string>): Service {
  const counts = [...output.matchAll(/^replicas=(\S+) (\d+)\/(\d+)/gm)].find(([, name]) => name === Spec.Name);
  const errors = [...output.matchAll(/^task=([^|]*)\|([^|]*)\|(.+)$/gm)].map(([, state = '', node, error = '']) => `${error.replace(/^"|"$/g, '')} (${[node, state.split(' ')[0]].filter(Boolean).join(', ')})`);
  return {
    id: ID,
    version: Version.Index,
    spec: named(Spec, networks),
    running: Number(counts?.[2] ?? 0),
    desired: Number(counts?.[3] ?? 0),
    errors: [...new Set(errors)].slice(0, 3),
    ...(UpdateStatus?.State && { update: UpdateStatus.State }),
    ...(UpdateStatus?.Message && { updateMessage: UpdateStatus.Message }),
  };
}

/** Networks by name, as arguments have them; Docker takes either. */
function named(spec: Spec, names: Record<string, string>): Spec {
  const template = spec.TaskTemplate as { Networks?: { Target: string }[] };
  if (!template.Networks) return spec;
  return { ...spec, TaskTemplate: { ...template, Networks: template.Networks.map((one) => ({ ...one, Target: names[one.Target] ?? one.Target })) } };
}
