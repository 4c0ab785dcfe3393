import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { dockerJson } from '../api/docker-json.ts';
import type { ProbeResult } from '../../../model/module.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';
import type { ServiceArgs } from './service-args.ts';
import type { SwarmNames } from './service-args.ts';
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

export interface ServiceState extends SwarmNames {
  manager: boolean;
  service?: Service;
}

interface Inspected {
  ID: string;
  Version: { Index: number };
  Spec: Spec;
  UpdateStatus?: { State?: string; Message?: string };
}

export const NO_SERVICE: ServiceState = { manager: false, networks: {} };

/** Reads a service, its tasks and the names of its networks, secrets and configs. {@link parseService} understands it. */
export function probeService({ name, secrets, configs }: ServiceArgs): Script {
  const named = (kind: string) => raw(`docker ${kind} ls --format '${kind}={{json .}}' || exit`);
  // A network that is gone stays in the spec, and docker inspects the others before it complains.
  return asking(sh`found=$(docker service inspect --format 'service={{json .}}{{println}}targets={{range .Spec.TaskTemplate.Networks}}{{.Target}} {{end}}' ${name} 2>&1) || case $found in *'o such service'*) found=service=none;; *) printf '%s\\n' "$found" >&2; exit 1;; esac
case $found in service=none|*targets=*) ;; *) echo 'docker service inspect printed only a part' >&2; exit 1;; esac
printf '%s\\n' "$found"
${secrets !== undefined && named('secret')}
${configs !== undefined && named('config')}
[ "$found" = service=none ] && exit
docker service ls --filter ${`name=${name}`} --format 'replicas={{json .}}' || exit
docker service ps ${name} --no-trunc --format 'task={{json .}}' || exit
targets=\${found##*targets=}
[ -z "$targets" ] || { networks=$(docker network inspect --format 'network={"ID":{{json .Id}},"Name":{{json .Name}}}' $targets 2>&1) || case $networks in *'not found'*|*'o such network'*) ;; *) printf '%s\\n' "$networks" >&2; exit 1;; esac; printf '%s\\n' "$networks"; }`);
}

interface Task {
  CurrentState: string;
  Node: string;
  Error: string;
}

/** What {@link probeService} printed. Throws for output it cannot understand. */
export function parseService(probe: ProbeResult, { name, secrets, configs }: ServiceArgs): ServiceState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (/not a swarm manager|not part of a swarm/i.test(probe.stderr)) return NO_SERVICE;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  const lines = <T>(key: string) =>
    [...probe.stdout.matchAll(new RegExp(`^${key}=(\\{.*)$`, 'gm'))].map((match) => dockerJson<T>(match[1] as string));
  const ids = (kind: string) =>
    Object.fromEntries(lines<{ ID: string; Name: string }>(kind).map(({ ID, Name }) => [Name, ID]));
  const names: SwarmNames = {
    networks: Object.fromEntries(lines<{ ID: string; Name: string }>('network').map(({ ID, Name }) => [ID, Name])),
    ...(secrets && { secrets: ids('secret') }),
    ...(configs && { configs: ids('config') }),
  };
  const [found] = lines<Inspected>('service');
  if (!found && !/^service=none$/m.test(probe.stdout))
    throw new Error('neither a service nor that there is none was printed');
  // An id may have been meant by the name.
  if (!found || found.Spec.Name !== name) return { manager: true, ...names };
  const counts = lines<{ Name: string; Replicas: string }>('replicas').find((one) => one.Name === name);
  const [, running, desired] = /^(\d+)\/(\d+)/.exec(counts?.Replicas ?? '') ?? [];
  if (running === undefined) throw new Error(`docker service ls did not list ${name}`);
  return {
    manager: true,
    ...names,
    service: serviceOf(
      found,
      { running: Number(running), desired: Number(desired), errors: errorsOf(lines<Task>('task')) },
      names.networks,
    ),
  };
}

function serviceOf(
  { ID, Version, Spec, UpdateStatus }: Inspected,
  tasks: Pick<Service, 'running' | 'desired' | 'errors'>,
  networks: Record<string, string>,
): Service {
  return {
    id: ID,
    version: Version.Index,
    spec: named(Spec, networks),
    ...tasks,
    ...(UpdateStatus?.State && { update: UpdateStatus.State }),
    ...(UpdateStatus?.Message && { updateMessage: UpdateStatus.Message }),
  };
}

/** What the latest tasks say that do not run, each once. */
function errorsOf(tasks: Task[]): string[] {
  const errors = tasks
    .filter(({ Error }) => Error !== '')
    .map(
      ({ CurrentState, Node, Error }) =>
        `${Error.replace(/^"|"$/g, '')} (${[Node, CurrentState.split(' ')[0]].filter(Boolean).join(', ')})`,
    );
  return [...new Set(errors)].slice(0, 3);
}

/** Networks by name, as arguments have them; Docker takes either. */
function named(spec: Spec, names: Record<string, string>): Spec {
  const template = spec.TaskTemplate as { Networks?: { Target: string }[] };
  if (!template.Networks) return spec;
  return {
    ...spec,
    TaskTemplate: {
      ...template,
      Networks: template.Networks.map((one) => ({ ...one, Target: names[one.Target] ?? one.Target })),
    },
  };
}
