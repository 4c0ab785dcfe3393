import { attempt, run } from './command.ts';
import { LabError } from './error.ts';
import type { LabHost, LabState } from './state.ts';

// RFC 2544 sets 198.18.0.0/15 aside for test networks, so no real network and no default of Docker is in the way.
const subnet = (id: number, nic: 0 | 1) => `198.${18 + nic}.${id}`;

/** Address of the machine in the lab, and the hosts' default gateway. */
export const gateway = (id: number) => `${subnet(id, 0)}.1`;

/** Address of a host's eth0: .11 for the first. */
export const hostAddress = (id: number, index: number) => `${subnet(id, 0)}.${10 + index}`;

/** Network namespace that holds the lab's bridges; also the name of the machine's own interface into the lab. */
export const switchName = (id: number) => `xl${String(id).padStart(3, '0')}`;

/** Network namespace of a host. */
export const hostNamespace = (id: number, host: string) => `${switchName(id)}-${host}`;

/** The host's port on the lab's switch, for eth0 (nic 0) or eth1 (nic 1). */
export const portName = (host: LabHost, nic: 0 | 1) => `port${nic}-${host.index}`;

/** Stable across power cycles; the second-lowest bit of the first byte says "locally administered". */
export function macAddress(id: number, index: number, nic: 0 | 1): string {
  const bytes = [0x02, 0x58, 0x52, id, nic, index];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** An id whose subnet and names are free: derived from the name, the next free one when that is taken. */
export async function pickId(name: string, taken: readonly number[]): Promise<number> {
  const routes = await run(['ip', '-4', 'route', 'show', 'table', 'all']);
  const namespaces = (await run(['ip', 'netns', 'list'])).split('\n').map((line) => line.split(' ')[0]);
  const first = [...name].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 256, 7);
  for (let step = 0; step < 256; step++) {
    const id = (first + step) % 256;
    if (taken.includes(id) || routes.includes(`${subnet(id, 0)}.`) || namespaces.includes(switchName(id))) continue;
    return id;
  }
  throw new LabError('no free subnet in 198.18.0.0/16: take labs down with "npm run lab -- down --all"');
}

/** Makes the switch: a namespace with a bridge per NIC, the first joined to the machine. Keeps what exists. */
export async function ensureSwitch({ id, nics }: LabState): Promise<void> {
  const name = switchName(id);
  const exists = await attempt(['ip', 'link', 'show', name]);
  if (exists.code === 0) return;
  await removeSwitch(id);
  await run(['ip', 'netns', 'add', name]);
  for (let nic = 0; nic < nics; nic++) {
    const bridge = `br${nic}`;
    // A plain switch: forwards at once, and floods multicast, for which nothing here sends queries.
    await run(['ip', '-n', name, 'link', 'add', bridge, 'type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0']);
    await run(['ip', '-n', name, 'link', 'set', bridge, 'up']);
  }
  await run(['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', name]);
  await run(['ip', '-n', name, 'link', 'set', 'uplink', 'master', 'br0', 'up']);
  await run(['ip', 'address', 'add', `${gateway(id)}/24`, 'dev', name]);
  await run(['ip', 'link', 'set', name, 'up']);
}

/** Removes the switch with all its bridges and ports; fine when there is none. */
export async function removeSwitch(id: number): Promise<void> {
  await attempt(['ip', 'link', 'delete', switchName(id)]);
  await attempt(['ip', 'netns', 'delete', switchName(id)]);
}

/** Pulls a host's cables, or plugs them in again. */
export async function setCables(state: LabState, host: LabHost, link: 'up' | 'down'): Promise<void> {
  const nics = state.nics === 2 ? ([0, 1] as const) : ([0] as const);
  for (const nic of nics) {
    await attempt(['ip', '-n', switchName(state.id), 'link', 'set', portName(host, nic), link]);
  }
}
