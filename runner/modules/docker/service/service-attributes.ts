import type { Kind } from '../api/attribute.ts';
import { apiHealthcheck, wholeHealthcheck } from '../values/healthcheck.ts';
import type { ApiHealthcheck, Healthcheck } from '../values/healthcheck.ts';
import { familiarImage } from '../values/image-reference.ts';
import { apiMount, cleanPath, mountText } from '../values/mounts.ts';
import type { ApiMount, LongMount } from '../values/mounts.ts';
import type { ServiceArgs, ServiceNetwork, SwarmNames } from './service-args.ts';
import { fileText, filesOf } from './service-files.ts';
import { apiPort, portText } from './service-ports.ts';
import type { ServicePort } from './service-ports.ts';
import { RESTART, ROLLOUT, renamed, renamedText } from './service-rollout.ts';
import { signalName } from '../container/attributes/process.ts';

/** One argument of a service: its place in the spec, and what "the same" means there. */
interface Attribute {
  arg: keyof ServiceArgs;
  path: string[];
  kind: Kind;
  /** What the arguments do not name is left. */
  more?: true;
  /** The value for the API; `found` is there to be merged with. The same where not given. */
  api?(value: never, found: unknown, names: SwarmNames): unknown;
  /** A value of the API in the one form of all that mean the same. */
  canon?(value: never): unknown;
}

const TASK = ['TaskTemplate'];
export const CONTAINER = [...TASK, 'ContainerSpec'];
const LIMITS = [...TASK, 'Resources', 'Limits'];
const RESERVED = [...TASK, 'Resources', 'Reservations'];
const text = (value: unknown) => String(value ?? '');
const number = (value: unknown) => Number(value ?? 0);
const flagged = (value: unknown) => value === true;
const list = (value: unknown) => (value ?? []) as string[];
const record = (value: unknown) => (value ?? {}) as Record<string, string>;
const merged = (value: object, found: unknown) => ({ ...(found as object | undefined), ...value });
const cpus = (value: number) => Math.round(value * 1e9);
const capability = (name: string) => `CAP_${name.toUpperCase().replace(/^CAP_/, '')}`;
const capabilities = (value: unknown) => list(value).map(capability);

export const SERVICE_ATTRIBUTES: readonly Attribute[] = [
  {
    arg: 'image',
    path: [...CONTAINER, 'Image'],
    kind: 'value',
    api: image,
    canon: (value) => familiarImage(text(value)),
  },
  { arg: 'entrypoint', path: [...CONTAINER, 'Command'], kind: 'list', canon: list },
  { arg: 'command', path: [...CONTAINER, 'Args'], kind: 'list', canon: list },
  {
    arg: 'env',
    path: [...CONTAINER, 'Env'],
    kind: 'set',
    api: (env: Record<string, string>) => Object.entries(env).map(([name, value]) => `${name}=${value}`),
    canon: list,
  },
  { arg: 'labels', path: ['Labels'], kind: 'dictionary', more: true, api: merged, canon: record },
  {
    arg: 'container_labels',
    path: [...CONTAINER, 'Labels'],
    kind: 'dictionary',
    more: true,
    api: merged,
    canon: record,
  },
  { arg: 'user', path: [...CONTAINER, 'User'], kind: 'value', canon: text },
  { arg: 'groups', path: [...CONTAINER, 'Groups'], kind: 'set', canon: list },
  { arg: 'working_dir', path: [...CONTAINER, 'Dir'], kind: 'value', canon: (value) => (value ? cleanPath(value) : '') },
  { arg: 'hostname', path: [...CONTAINER, 'Hostname'], kind: 'value', canon: text },
  {
    arg: 'hosts',
    path: [...CONTAINER, 'Hosts'],
    kind: 'set',
    api: (hosts: Record<string, string>) => Object.entries(hosts).map(([name, address]) => `${address} ${name}`),
    canon: (value) => list(value).map((one) => one.trim().replace(/\s+/g, ' ')),
  },
  { arg: 'dns', path: [...CONTAINER, 'DNSConfig', 'Nameservers'], kind: 'list', canon: list },
  { arg: 'dns_search', path: [...CONTAINER, 'DNSConfig', 'Search'], kind: 'list', canon: list },
  { arg: 'dns_options', path: [...CONTAINER, 'DNSConfig', 'Options'], kind: 'set', canon: list },
  { arg: 'init', path: [...CONTAINER, 'Init'], kind: 'value', canon: flagged },
  { arg: 'tty', path: [...CONTAINER, 'TTY'], kind: 'value', canon: flagged },
  { arg: 'read_only', path: [...CONTAINER, 'ReadOnly'], kind: 'value', canon: flagged },
  { arg: 'cap_add', path: [...CONTAINER, 'CapabilityAdd'], kind: 'set', api: capabilities, canon: capabilities },
  { arg: 'cap_drop', path: [...CONTAINER, 'CapabilityDrop'], kind: 'set', api: capabilities, canon: capabilities },
  { arg: 'sysctls', path: [...CONTAINER, 'Sysctls'], kind: 'dictionary', canon: record },
  { arg: 'stop_signal', path: [...CONTAINER, 'StopSignal'], kind: 'value', canon: signalName },
  { arg: 'stop_grace_period', path: [...CONTAINER, 'StopGracePeriod'], kind: 'value', canon: (value) => value ?? 10e9 },
  {
    arg: 'healthcheck',
    path: [...CONTAINER, 'Healthcheck'],
    kind: 'value',
    api: (value: Healthcheck) => apiHealthcheck(value),
    canon: (value: ApiHealthcheck | undefined) => wholeHealthcheck(value),
  },
  {
    arg: 'mounts',
    path: [...CONTAINER, 'Mounts'],
    kind: 'set',
    api: (mounts: LongMount[]) => mounts.map(apiMount),
    canon: (mounts: ApiMount[] | null) => (mounts ?? []).map(mountText),
  },
  {
    arg: 'secrets',
    path: [...CONTAINER, 'Secrets'],
    kind: 'set',
    api: filesOf('Secret', ({ secrets }) => secrets),
    canon: fileText,
  },
  {
    arg: 'configs',
    path: [...CONTAINER, 'Configs'],
    kind: 'set',
    api: filesOf('Config', ({ configs }) => configs),
    canon: fileText,
  },
  {
    arg: 'networks',
    path: [...TASK, 'Networks'],
    kind: 'set',
    api: (networks: ServiceNetwork[]) =>
      networks.map(({ name, aliases }) => ({ Target: name, ...(aliases.length > 0 && { Aliases: aliases }) })),
    canon: networkTexts,
  },
  {
    arg: 'constraints',
    path: [...TASK, 'Placement', 'Constraints'],
    kind: 'set',
    canon: (value) => list(value).map((one) => one.trim().replace(/\s*([!=]=)\s*/, '$1')),
  },
  {
    arg: 'placement_preferences',
    path: [...TASK, 'Placement', 'Preferences'],
    kind: 'list',
    api: (all: { spread: string }[]) => all.map(({ spread }) => ({ Spread: { SpreadDescriptor: spread } })),
    canon: (value: { Spread?: { SpreadDescriptor?: string } }[] | null) =>
      (value ?? []).map(({ Spread }) => Spread?.SpreadDescriptor ?? ''),
  },
  { arg: 'replicas_max_per_node', path: [...TASK, 'Placement', 'MaxReplicas'], kind: 'value', canon: number },
  { arg: 'log_driver', path: [...TASK, 'LogDriver', 'Name'], kind: 'value', canon: text },
  { arg: 'log_options', path: [...TASK, 'LogDriver', 'Options'], kind: 'dictionary', canon: record },
  { arg: 'limit_memory', path: [...LIMITS, 'MemoryBytes'], kind: 'value', canon: number },
  { arg: 'limit_cpu', path: [...LIMITS, 'NanoCPUs'], kind: 'value', api: cpus, canon: number },
  { arg: 'limit_pids', path: [...LIMITS, 'Pids'], kind: 'value', canon: number },
  { arg: 'reserve_memory', path: [...RESERVED, 'MemoryBytes'], kind: 'value', canon: number },
  { arg: 'reserve_cpu', path: [...RESERVED, 'NanoCPUs'], kind: 'value', api: cpus, canon: number },
  {
    arg: 'restart_config',
    path: [...TASK, 'RestartPolicy'],
    kind: 'dictionary',
    api: renamed(RESTART),
    canon: renamedText(RESTART),
  },
  { arg: 'replicas', path: ['Mode', 'Replicated', 'Replicas'], kind: 'value', canon: number },
  {
    arg: 'update_config',
    path: ['UpdateConfig'],
    kind: 'dictionary',
    api: renamed(ROLLOUT),
    canon: renamedText(ROLLOUT),
  },
  {
    arg: 'rollback_config',
    path: ['RollbackConfig'],
    kind: 'dictionary',
    api: renamed(ROLLOUT),
    canon: renamedText(ROLLOUT),
  },
  { arg: 'endpoint_mode', path: ['EndpointSpec', 'Mode'], kind: 'value', canon: (value) => text(value) || 'vip' },
  {
    arg: 'publish',
    path: ['EndpointSpec', 'Ports'],
    kind: 'set',
    api: (ports: ServicePort[]) => ports.map(apiPort),
    canon: (value: Parameters<typeof portText>[0][] | null) => (value ?? []).map(portText),
  },
];

/** Docker pins an image by the digest that its registry gave; that is still the same image. */
function image(wanted: string, found: unknown): string {
  return typeof found === 'string' && familiarImage(found.replace(/@.*/, '')) === familiarImage(wanted)
    ? found
    : wanted;
}

function networkTexts(value: { Target: string; Aliases?: string[] | null }[] | null): string[] {
  return (value ?? []).map(
    ({ Target, Aliases }) => `${Target}${Aliases?.length ? ` as ${[...Aliases].sort().join(', ')}` : ''}`,
  );
}
