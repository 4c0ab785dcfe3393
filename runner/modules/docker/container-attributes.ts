import { formatDictionary } from './labels.ts';
import { formatBindings, portBindings } from './ports.ts';
import type { PortBindings, PublishedPort } from './ports.ts';
import type { ContainerArgs } from './container-args.ts';

/** One attribute of a container: where Docker's API keeps it, in what form, and how it reads in a diff. */
interface Attribute {
  arg: keyof ContainerArgs;
  in: 'Config' | 'HostConfig';
  key: string;
  /** The argument as the API takes it. */
  api(value: never, args: ContainerArgs): unknown;
  /** Two values of the API that mean the same read the same; `wanted` narrows what is compared. */
  show(value: unknown, wanted: unknown): string;
}

const same = (value: unknown) => value;
const plain = (value: unknown) => String(value ?? '');
const flagged = (value: unknown) => String(value ?? false);
const list = (value: unknown) => JSON.stringify(value ?? []);
const line = (value: unknown) => ((value ?? []) as string[]).map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
const sorted = (value: unknown) => [...((value ?? []) as string[])].sort().join(' ');
const pairs = (values: Record<string, string>, between: string) => Object.entries(values).map(([name, value]) => `${name}${between}${value}`);
const capability = (name: string) => name.toUpperCase().replace(/^CAP_/, '');

const ATTRIBUTES: Attribute[] = [
  { arg: 'command', in: 'Config', key: 'Cmd', api: same, show: line },
  { arg: 'entrypoint', in: 'Config', key: 'Entrypoint', api: same, show: line },
  { arg: 'user', in: 'Config', key: 'User', api: same, show: plain },
  { arg: 'working_dir', in: 'Config', key: 'WorkingDir', api: same, show: plain },
  { arg: 'hostname', in: 'Config', key: 'Hostname', api: same, show: plain },
  { arg: 'domainname', in: 'Config', key: 'Domainname', api: same, show: plain },
  { arg: 'tty', in: 'Config', key: 'Tty', api: same, show: flagged },
  { arg: 'interactive', in: 'Config', key: 'OpenStdin', api: same, show: flagged },
  { arg: 'env', in: 'Config', key: 'Env', api: (env: Record<string, string>) => pairs(env, '='), show: named },
  { arg: 'labels', in: 'Config', key: 'Labels', api: same, show: subset },
  { arg: 'volumes', in: 'HostConfig', key: 'Binds', api: same, show: (value) => sorted(((value ?? []) as string[]).map((bind) => bind.replace(/:rw$/, ''))) },
  { arg: 'tmpfs', in: 'HostConfig', key: 'Tmpfs', api: same, show: (value) => formatDictionary((value ?? {}) as Record<string, string>) },
  { arg: 'published_ports', in: 'HostConfig', key: 'PortBindings', api: (ports: PublishedPort[]) => portBindings(ports), show: (value) => formatBindings((value ?? {}) as PortBindings) },
  { arg: 'network_mode', in: 'HostConfig', key: 'NetworkMode', api: same, show: (value) => (value === 'default' ? 'bridge' : plain(value)) },
  { arg: 'dns_servers', in: 'HostConfig', key: 'Dns', api: same, show: list },
  { arg: 'dns_search_domains', in: 'HostConfig', key: 'DnsSearch', api: same, show: list },
  { arg: 'etc_hosts', in: 'HostConfig', key: 'ExtraHosts', api: (hosts: Record<string, string>) => pairs(hosts, ':'), show: sorted },
  { arg: 'restart_policy', in: 'HostConfig', key: 'RestartPolicy', api: restartPolicy, show: showRestart },
  { arg: 'privileged', in: 'HostConfig', key: 'Privileged', api: same, show: flagged },
  { arg: 'capabilities', in: 'HostConfig', key: 'CapAdd', api: same, show: (value) => sorted(((value ?? []) as string[]).map(capability)) },
  { arg: 'cap_drop', in: 'HostConfig', key: 'CapDrop', api: same, show: (value) => sorted(((value ?? []) as string[]).map(capability)) },
  { arg: 'sysctls', in: 'HostConfig', key: 'Sysctls', api: same, show: (value) => formatDictionary((value ?? {}) as Record<string, string>) },
  { arg: 'read_only', in: 'HostConfig', key: 'ReadonlyRootfs', api: same, show: flagged },
  { arg: 'init', in: 'HostConfig', key: 'Init', api: same, show: flagged },
];

/** The attributes that the arguments manage, each with its value for the API. */
export function managedAttributes(args: ContainerArgs): { attribute: Attribute; value: unknown }[] {
  return ATTRIBUTES.filter(({ arg }) => args[arg] !== undefined).map((attribute) => ({ attribute, value: attribute.api(args[attribute.arg] as never, args) }));
}

function restartPolicy(name: string, { restart_retries = 0 }: ContainerArgs): unknown {
  return { Name: name, MaximumRetryCount: name === 'on-failure' ? restart_retries : 0 };
}

function showRestart(value: unknown): string {
  const { Name, MaximumRetryCount } = (value ?? {}) as { Name?: string; MaximumRetryCount?: number };
  return `${Name || 'no'}${MaximumRetryCount ? ` ${MaximumRetryCount}` : ''}`;
}

/** Of `NAME=VALUE` texts: those whose names are wanted, since images have variables of their own. */
function named(value: unknown, wanted: unknown): string {
  const names = new Set((wanted as string[]).map((one) => one.split('=')[0]));
  return sorted(((value ?? []) as string[]).filter((one) => names.has(one.split('=')[0])));
}

function subset(value: unknown, wanted: unknown): string {
  const names = Object.keys(wanted as object);
  return formatDictionary(Object.fromEntries(Object.entries((value ?? {}) as Record<string, string>).filter(([name]) => names.includes(name))));
}
