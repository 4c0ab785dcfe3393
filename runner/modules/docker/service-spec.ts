import { formatDictionary } from './labels.ts';
import type { ServiceArgs, ServiceMount, ServicePort } from './service-args.ts';

/** A service as Docker's API has it. Only what is managed is looked into; the rest is passed back as it came. */
export type Spec = Record<string, unknown>;

/** One attribute: the place in the spec, its value there, and how a value reads in a diff. */
interface Attribute {
  arg: keyof ServiceArgs;
  path: string[];
  /** The value for the API; `found` is there to be merged with. */
  api(value: never, found: unknown): unknown;
  show(value: unknown): string;
}

const CONTAINER = ['TaskTemplate', 'ContainerSpec'];
const same = (value: unknown) => value;
const plain = (value: unknown) => String(value ?? '');
const line = (value: unknown) => ((value ?? []) as string[]).join(' ');
const sorted = (value: unknown) => [...((value ?? []) as string[])].sort().join(' ');
const dictionary = (value: unknown) => formatDictionary((value ?? {}) as Record<string, string>);
const merged = (value: object, found: unknown) => ({ ...(found as object | undefined), ...value });

const ATTRIBUTES: Attribute[] = [
  { arg: 'image', path: [...CONTAINER, 'Image'], api: image, show: plain },
  { arg: 'entrypoint', path: [...CONTAINER, 'Command'], api: same, show: line },
  { arg: 'command', path: [...CONTAINER, 'Args'], api: same, show: line },
  { arg: 'env', path: [...CONTAINER, 'Env'], api: (env: Record<string, string>) => Object.entries(env).map(([name, value]) => `${name}=${value}`), show: sorted },
  { arg: 'labels', path: ['Labels'], api: merged, show: dictionary },
  { arg: 'container_labels', path: [...CONTAINER, 'Labels'], api: merged, show: dictionary },
  { arg: 'user', path: [...CONTAINER, 'User'], api: same, show: plain },
  { arg: 'working_dir', path: [...CONTAINER, 'Dir'], api: same, show: plain },
  { arg: 'hostname', path: [...CONTAINER, 'Hostname'], api: same, show: plain },
  { arg: 'init', path: [...CONTAINER, 'Init'], api: same, show: (value) => String(value ?? false) },
  { arg: 'stop_grace_period', path: [...CONTAINER, 'StopGracePeriod'], api: same, show: plain },
  { arg: 'mounts', path: [...CONTAINER, 'Mounts'], api: (mounts: ServiceMount[]) => mounts.map(mountOf), show: showMounts },
  { arg: 'networks', path: ['TaskTemplate', 'Networks'], api: (networks: string[]) => networks.map((name) => ({ Target: name })), show: (value) => sorted(((value ?? []) as { Target: string }[]).map(({ Target }) => Target)) },
  { arg: 'constraints', path: ['TaskTemplate', 'Placement', 'Constraints'], api: same, show: (value) => sorted(((value ?? []) as string[]).map((one) => one.replace(/\s*([!=]=)\s*/, '$1'))) },
  { arg: 'replicas_max_per_node', path: ['TaskTemplate', 'Placement', 'MaxReplicas'], api: same, show: (value) => String(value ?? 0) },
  { arg: 'limit_memory', path: ['TaskTemplate', 'Resources', 'Limits', 'MemoryBytes'], api: bytes, show: (value) => String(value ?? 0) },
  { arg: 'limit_cpu', path: ['TaskTemplate', 'Resources', 'Limits', 'NanoCPUs'], api: (cpus: number) => Math.round(cpus * 1e9), show: (value) => String(value ?? 0) },
  { arg: 'restart_config', path: ['TaskTemplate', 'RestartPolicy'], api: renamed, show: showRenamed },
  { arg: 'replicas', path: ['Mode', 'Replicated', 'Replicas'], api: same, show: plain },
  { arg: 'update_config', path: ['UpdateConfig'], api: renamed, show: showRenamed },
  { arg: 'rollback_config', path: ['RollbackConfig'], api: renamed, show: showRenamed },
  { arg: 'endpoint_mode', path: ['EndpointSpec', 'Mode'], api: same, show: (value) => String(value ?? 'vip') },
  { arg: 'publish', path: ['EndpointSpec', 'Ports'], api: (ports: ServicePort[]) => ports.map(portOf), show: showPorts },
];

/** The spec with all that the arguments manage, and what that changes. `spec` is left as it is. */
export function withArguments(spec: Spec, args: ServiceArgs): { spec: Spec; differing: { arg: string; before: string; after: string }[] } {
  let next = spec;
  const differing: { arg: string; before: string; after: string }[] = [];
  for (const { arg, path, api, show } of ATTRIBUTES) {
    if (args[arg] === undefined) continue;
    const found = at(spec, path);
    const value = api(args[arg] as never, found);
    if (show(found) === show(value)) continue;
    differing.push({ arg, before: show(found), after: show(value) });
    next = withValue(next, path, value);
  }
  return { spec: next, differing };
}

function at(spec: Spec, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Spec | undefined)?.[key], spec);
}

function withValue(spec: Spec, [key = '', ...rest]: string[], value: unknown): Spec {
  return { ...spec, [key]: rest.length === 0 ? value : withValue((spec[key] ?? {}) as Spec, rest, value) };
}

/** Docker pins an image by the digest that its registry gave; that is still the same image. */
function image(wanted: string, found: unknown): string {
  return typeof found === 'string' && found.replace(/@.*/, '') === wanted ? found : wanted;
}

function mountOf({ type, source, target, readonly }: ServiceMount): unknown {
  return { Type: type, ...(source && { Source: source }), Target: target, ...(readonly && { ReadOnly: true }) };
}

function showMounts(value: unknown): string {
  const mounts = (value ?? []) as { Type: string; Source?: string; Target: string; ReadOnly?: boolean }[];
  return sorted(mounts.map(({ Type, Source = '', Target, ReadOnly }) => `${Type === 'bind' ? '' : `${Type} `}${Source}:${Target}${ReadOnly ? ':ro' : ''}`));
}

function portOf({ published_port, target_port, protocol, mode }: ServicePort): unknown {
  return { Protocol: protocol, TargetPort: target_port, ...(published_port && { PublishedPort: published_port }), PublishMode: mode };
}

function showPorts(value: unknown): string {
  const ports = (value ?? []) as { Protocol?: string; TargetPort: number; PublishedPort?: number; PublishMode?: string }[];
  return sorted(ports.map((one) => `${one.PublishedPort ?? ''}->${one.TargetPort}/${one.Protocol ?? 'tcp'}${one.PublishMode === 'host' ? '(host)' : ''}`));
}

/** `{max_attempts: 3}` as Docker's `{MaxAttempts: 3}`, over what is there. */
function renamed(value: object, found: unknown): unknown {
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return merged(Object.fromEntries(given.map(([name, one]) => [name.replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase()), one])), found);
}

function showRenamed(value: unknown): string {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>).map(([name, one]) => [name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase(), String(one)]);
  return formatDictionary(Object.fromEntries(entries) as Record<string, string>);
}

const UNITS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function bytes(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(text) ?? [];
  return Math.round(Number(amount) * (UNITS[unit.toLowerCase()] as number));
}
