import type { Transport } from './transport.ts';

/** The transports of plugins in this process, by name. */
const added = new Map<string, Transport>();

/** Adds a plugin's; one of the same name, of an earlier load, is replaced. */
export function addTransport(name: string, transport: Transport): void {
  added.set(name, transport);
}

/** The plugin's of that name. */
export function addedTransport(name: string): Transport | undefined {
  return added.get(name);
}

/** The names of all, as what `xrun_connection` may be. */
export function addedConnections(): Record<string, string> {
  return Object.fromEntries([...added.keys()].map((name) => [name, name]));
}
