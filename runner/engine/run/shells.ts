import type { HostShell } from '../../model/transport/host-shell.ts';
import type { Target } from '../../model/transport/transport.ts';

/** Another log-in than the host's usual one. */
export interface Login {
  target: Target;
  /** The same for log-ins that may share a connection. */
  key: string;
}

/** Equal for equal log-ins. */
export function loginKey(target: Target): string {
  return JSON.stringify(Object.entries(target).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Which connection to a host is meant. */
export interface Which {
  /** The controller itself, whatever the host's variables say. */
  local?: boolean;
  login?: Login;
}

/** Connections of a run: one a host, and one for each other way to log in; opened when first used, shared by all. */
export class Shells {
  #open: (target: Target) => Promise<HostShell>;
  #usual: (host: string) => Target;
  #shells = new Map<string, Map<string, Promise<HostShell>>>();
  #usualKeys = new Map<string, string>();

  /** `usual` says how a host is logged in to where nothing else is asked for; `open` logs in. */
  constructor(usual: (host: string) => Target, open: (target: Target) => Promise<HostShell>) {
    this.#usual = usual;
    this.#open = open;
  }

  /** The host's shell. A log-in that failed is tried again by the next task that asks (a rescue, another play). */
  async get(host: string, { local, login }: Which = {}): Promise<HostShell> {
    const shells = this.#shells.get(host) ?? new Map<string, Promise<HostShell>>();
    this.#shells.set(host, shells);
    const key = local ? 'local' : login && login.key !== this.#usualKeys.get(host) ? login.key : '';
    const found = shells.get(key);
    if (found) return found;
    const usual = key === '' || local ? this.#usual(host) : undefined;
    if (usual && !local) this.#usualKeys.set(host, loginKey(usual));
    const shell = this.#open(local ? { ...usual!, connection: 'local' } : (usual ?? login!.target));
    shells.set(key, shell);
    shell.catch(() => shells.delete(key));
    return shell;
  }

  /** Forgets a host's connections, so that the next task logs in afresh. */
  async drop(host: string): Promise<void> {
    const shells = this.#shells.get(host);
    this.#shells.delete(host);
    await closed(shells);
  }

  async closeAll(): Promise<void> {
    const all = [...this.#shells.values()];
    this.#shells.clear();
    await Promise.all(all.map(closed));
  }
}

async function closed(shells: ReadonlyMap<string, Promise<HostShell>> = new Map()): Promise<void> {
  await Promise.all([...shells.values()].map((shell) => shell.then((s) => s.close()).catch(() => undefined)));
}
