import type { Event, Failure, Stats, Status } from '../../model/events.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import type { Secrets } from '../../language/vault/secrets.ts';
import type { Renderer } from '../../model/variables.ts';
import type { VarsStore } from '../../variables/store.ts';
import type { Archives } from './archives.ts';
import type { Handlers } from '../play/handlers.ts';
import type { Journal } from './journal.ts';
import type { Epoch } from '../action/ahead.ts';
import type { HostRun } from '../task/host-run.ts';
import type { Shells } from './shells.ts';
import type { RunOptions } from '../../model/options/options.ts';
import type { Limiter } from '../../model/limiter.ts';
import type { TaskResult } from '../task/result.ts';

/** What lives as long as a run. Everything in the engine is handed this and nothing else global. */
export interface Run {
  options: RunOptions;
  check: boolean;
  inventory: Inventory;
  modules: ModuleCatalog;
  /** More directories with roles, absolute. */
  rolesPath: readonly string[];
  renderer: Renderer;
  vars: VarsStore;
  /** The plain text of a file that may be a vault's. */
  decrypt(text: string, file: string): string;
  secrets: Secrets;
  hosts: Map<string, HostRun>;
  shells: Shells;
  epoch: Epoch;
  limiter: Limiter;
  /** How run_once tasks ended, by `onceKey`; with the failure where hosts may not go on. */
  once: Map<string, { ended: TaskResult; failure?: Failure }>;
  handlers: Handlers;
  journal: Journal;
  archives: Archives;
  stats: Record<string, Stats>;
  /** A play could not begin, for a reason that is not on a host; `untouched` where no task had begun before, `interrupted` by a Ctrl-C at its questions. */
  refused?: 'untouched' | 'midway' | 'interrupted';
  /** A task has begun. */
  begun?: boolean;
  /** --step has been answered with `continue`: false. */
  stepping?: boolean;
  /** Why no further play is to begin. */
  fatal?: string;
  /** Every event goes out here, redacted. */
  emit(event: Event): void;
  /** Reads the inventory again (meta refresh_inventory). */
  refreshInventory(): Promise<void>;
  /** The run is to start no more tasks. */
  stopping(): boolean;
}

export function emptyStats(): Stats {
  return { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 0, rescued: 0, ignored: 0 };
}

/** Counts a task's end. */
export function count(run: Run, host: string, status: Status): void {
  (run.stats[host] ??= emptyStats())[status]++;
}

/** The host's record, made when it first shows up (add_host, delegation). */
export function hostRun(run: Run, name: string, make: (name: string) => HostRun): HostRun {
  let host = run.hosts.get(name);
  if (!host) run.hosts.set(name, (host = make(name)));
  return host;
}
