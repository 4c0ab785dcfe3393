import type { Counted } from '../trace/parse.ts';
import type { SentView } from '../trace/send.ts';
import type { HostView } from '../view/view.ts';

/** Why containers of several hosts do not reach each other, or soon will not. */
export interface Cause {
  /** `warning`: what is there may be meant, or harms something else. */
  severity: 'cause' | 'warning';
  /** Where it is. */
  hosts: string[];
  /** What is wrong: who, what, in which direction, by which rule or file. A sentence without its end. */
  text: string;
  /** The command or the variable that ends it. A sentence without its end. */
  fix: string;
  /** The paths, from and to, that it breaks; empty where it concerns no path in particular. */
  paths: [from: string, to: string][];
  /** It also keeps the hosts of these paths from knowing of each other's containers, so that what they do not know needs no cause of its own. */
  control?: true;
  /** Nothing passes on these paths: what is lost on them needs no cause of its own. */
  total?: true;
  /** It may end by itself within seconds, as containers that have just started become known: it counts when a second look shows it too. */
  passing?: true;
}

/** All that is known of the hosts that were looked at. */
export interface Scene {
  hosts: string[];
  views: Map<string, HostView>;
  /** Of each host that could be traced. */
  counts: Map<string, Counted[]>;
  /** What each host saw as it sent. */
  sent: Map<string, SentView>;
  /** What the kernel of each host threw away in the meantime, by the name of its counter. */
  thrownAway: Map<string, Record<string, number>>;
}

/** A kind of causes; `found` are those of kinds before it, which may explain what it sees. */
export type Find = (scene: Scene, found: readonly Cause[]) => Cause[];

/** The hosts that were looked at, with what was seen. */
export function seen({ hosts, views }: Scene): [string, HostView][] {
  return hosts.flatMap((host): [string, HostView][] => {
    const view = views.get(host);
    return view ? [[host, view]] : [];
  });
}

/** All paths from and to a host. */
export function pathsOf(host: string, { hosts }: Scene): [string, string][] {
  return hosts
    .filter((other) => other !== host)
    .flatMap((other): [string, string][] => [
      [host, other],
      [other, host],
    ]);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const all = [...new Set(words)];
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '');
}

/** Groups of hosts that have the same value where each should have its own; empty values count for none. */
export function twins(scene: Scene, valueOf: (view: HostView) => string): [value: string, hosts: string[]][] {
  const found = new Map<string, string[]>();
  for (const [host, view] of seen(scene)) {
    const value = valueOf(view);
    if (value) found.set(value, [...(found.get(value) ?? []), host]);
  }
  return [...found].filter(([, hosts]) => hosts.length > 1);
}

/** The items that have the same key, in the order of their first. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
