import type { Scene } from './causes/cause.ts';
import { added } from './trace/kernel.ts';
import type { Counted } from './trace/parse.ts';
import type { SentView } from './trace/send.ts';
import type { HostView } from './view/view.ts';

/** What the tasks of a diagnosis have registered of a host. */
interface Registered {
  network_state?: { view?: HostView };
  packet_count?: { kernel?: Record<string, number> };
  packet_send?: Partial<SentView>;
  packet_read?: { counts?: Counted[]; kernel?: Record<string, number> };
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
    sent: each(({ packet_send }) => (packet_send?.ways ? (packet_send as SentView) : undefined)),
    thrownAway: each(({ packet_count, packet_read }) => added(packet_count?.kernel ?? {}, packet_read?.kernel ?? {})),
  };
}
