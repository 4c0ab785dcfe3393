import type { Scene } from './causes/cause.ts';
import type { Counted } from './trace-parse.ts';
import type { HostView } from './view.ts';

/** What the tasks of a diagnosis have registered of a host. */
interface Registered {
  network_state?: { view?: HostView };
  packet_read?: { counts?: Counted[] };
  packet_send?: { refused?: string[] };
}

/** The scene that `hostvars` holds. */
export function sceneOf(hosts: readonly string[], hostvars: unknown): Scene {
  const of = (host: string) => ((hostvars as Record<string, Registered | undefined>)[host] ?? {}) as Registered;
  const each = <T>(value: (registered: Registered) => T | undefined) =>
    new Map(
      hosts.flatMap((host): [string, T][] => {
        const found = value(of(host));
        return found === undefined ? [] : [[host, found]];
      }),
    );
  return {
    hosts: [...hosts],
    views: each(({ network_state }) => network_state?.view),
    counts: each(({ packet_read }) => packet_read?.counts),
    refused: each(({ packet_send }) => packet_send?.refused),
  };
}
