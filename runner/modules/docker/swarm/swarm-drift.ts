import type { Diff } from '../../../model/events.ts';
import { formatDuration } from '../values/duration.ts';
import type { SwarmArgs } from './swarm-args.ts';
import type { SwarmState } from './swarm-state.ts';
import { withPort } from './swarm-steps.ts';

/** Says which address of the node differs from the given one; Docker changes none without leaving the swarm. */
export function addressDrift(args: SwarmArgs, state: SwarmState): string | undefined {
  const { advertise_addr, listen_addr, data_path_addr } = args;
  if (advertise_addr && state.nodeAddr && !advertises(advertise_addr, state)) {
    return `the node is in the swarm by the address ${state.nodeAddr}, expected ${advertise_addr}`;
  }
  if (listen_addr && state.listenAddr && withPort(listen_addr) !== withPort(state.listenAddr)) {
    return `the node listens at ${state.listenAddr}, expected ${listen_addr}`;
  }
  if (data_path_addr && state.dataPathAddr !== undefined && data_path_addr !== state.dataPathAddr) {
    return `the containers' traffic goes by ${state.dataPathAddr || state.nodeAddr || '(no address)'}, expected ${data_path_addr}`;
  }
  return undefined;
}

/** Says which setting of the swarm differs that is fixed when it starts. Only managers know. */
export function startOnlyDrift(
  { default_addr_pool, subnet_size, data_path_port }: SwarmArgs,
  { settings }: SwarmState,
): string | undefined {
  if (!settings) return undefined;
  const differs = (what: string, found: string | number, wanted: string | number | undefined) =>
    wanted === undefined || String(found) === String(wanted)
      ? undefined
      : `${what} of the swarm is ${found}, expected ${wanted}`;
  return (
    differs('default_addr_pool', settings.addrPools.join(','), default_addr_pool?.join(',')) ??
    differs('subnet_size', settings.subnetSize, subnet_size) ??
    differs('data_path_port', settings.dataPathPort, data_path_port)
  );
}

/** Settings of the swarm that differ and can be changed. Only managers know. */
export function settingDrift(args: SwarmArgs, { settings }: SwarmState): Diff[] {
  if (!settings) return [];
  const diff: Diff[] = [];
  const compare = (what: string, before: string, after: string | undefined) => {
    if (after !== undefined && after !== before) diff.push({ what, before, after });
  };
  const time = (value: number | undefined) => (value === undefined ? undefined : formatDuration(value));
  compare('autolock_managers', String(settings.autolock), args.autolock_managers?.toString());
  compare('task_history_retention_limit', String(settings.taskHistory), args.task_history_retention_limit?.toString());
  compare('node_cert_expiry', formatDuration(settings.certExpiry), time(args.node_cert_expiry));
  compare('dispatcher_heartbeat_period', formatDuration(settings.heartbeat), time(args.dispatcher_heartbeat_period));
  return diff;
}

function advertises(wanted: string, { nodeAddr, advertised, advertiseAddr }: SwarmState): boolean {
  const [found = ''] = [nodeAddr];
  const host = wanted.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1');
  const port = /^[^:]*:\d+$|\]:\d+$/.test(wanted) ? wanted : undefined;
  if (port && advertiseAddr && /^[\d[]/.test(wanted) && advertiseAddr !== wanted) return false;
  return host === found || (advertised ?? []).includes(found);
}
