import type { Result } from '../../../model/module.ts';
import { runs } from './container-args.ts';
import type { ContainerArgs } from './container-args.ts';
import { endpointsOf } from './container-drift.ts';
import type { ContainerState } from './container-state.ts';
import type { Inspected } from './inspected.ts';

/** A container that is to be made, in a line. */
export function describe({ image, command = [], networks = [], state }: ContainerArgs): string {
  const parts = [image, ...command].join(' ');
  return `${parts}${networks.length > 0 ? `, in ${networks.map(({ name }) => name).join(', ')}` : ''}${runs({ state }) ? ', running' : ''}`;
}

/** `exited with 137 (out of memory)`, with Docker's own reason and what the container printed last. */
export function statusOf({ State }: Inspected, { lastWords }: Pick<ContainerState, 'lastWords'> = {}): string {
  const reason = State.Error ? `: ${State.Error}` : '';
  const printed = lastWords ? `; it printed last: ${lastWords}` : '';
  const memory = State.OOMKilled ? ' (out of memory)' : '';
  if (State.Status === 'exited' || State.Status === 'restarting')
    return `exited with ${State.ExitCode}${memory}${reason}${printed}`;
  return `${State.Status === 'running' ? 'is running' : State.Status}${memory}${reason}${printed}`;
}

/** What tasks may read of a container by `register`. */
export function resultOf(name: string, container: Inspected): Result {
  const networks = Object.fromEntries(
    Object.entries(endpointsOf(container)).map(
      ([network, { IPAddress = '', GlobalIPv6Address = '', IPPrefixLen = 0, Gateway = '', MacAddress = '' }]) => [
        network,
        { ip: IPAddress, ipv6: GlobalIPv6Address, prefix: IPPrefixLen, gateway: Gateway, mac: MacAddress },
      ],
    ),
  );
  const ip = Object.values(networks)
    .map((one) => one.ip || one.ipv6)
    .find(Boolean);
  return {
    name,
    id: container.Id,
    image: container.Image,
    status: container.State.Status,
    pid: container.State.Pid,
    ip: ip ?? '',
    networks,
  };
}
