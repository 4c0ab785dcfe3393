import { setMaxListeners } from 'node:events';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Inventory } from '../../model/inventory.ts';
import { targetOf } from '../../inventory/login/target.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import type { Play, Playbook } from '../../model/playbook.ts';
import { openShell } from '../../connection/shell/open-shell.ts';
import type { Secrets } from '../../language/vault/secrets.ts';
import type { Target } from '../../model/transport/transport.ts';
import type { Renderer } from '../../model/variables.ts';
import type { VarsStore } from '../../variables/store.ts';
import { Archives } from './archives.ts';
import { isImplicitHost } from '../../inventory/implicit.ts';
import { recordFailedHosts } from './failed-hosts.ts';
import { Handlers } from '../play/handlers.ts';
import { Epoch } from '../action/ahead.ts';
import { HostRun } from '../task/host-run.ts';
import { Shells } from './shells.ts';
import { Journal } from './journal.ts';
import type { RunOptions, RunSummary } from '../../model/options/options.ts';
import { Outgoing } from './outgoing.ts';
import { hostsOf, runPlay } from '../play/play.ts';
import { Limiter } from '../../model/limiter.ts';
import { stateDirectories } from './state-dir.ts';
import { emptyStats } from './run-state.ts';
import type { Run } from './run-state.ts';

/** Everything that has been read and checked before a host is touched. */
export interface Loaded {
  playbooks: Playbook[];
  inventory: Inventory;
  modules: ModuleCatalog;
  /** More directories with roles, absolute. */
  rolesPath: readonly string[];
  renderer: Renderer;
  vars: VarsStore;
  secrets: Secrets;
  decrypt(text: string, file: string): string;
  reloadInventory(): Promise<Inventory>;
}

/** Hosts at a time where nothing else is asked for. */
const FORKS = 50;

/** Runs what was loaded, to its end or until it is stopped. Throws E_HOSTS before any host is touched. */
export async function runLoaded(loaded: Loaded, options: RunOptions): Promise<RunSummary> {
  const began = Date.now();
  // Every host that is waited for adds a listener: many are not a leak.
  if (options.signal) setMaxListeners(0, options.signal);
  const run = await start(loaded, options);
  const known = new Set(run.inventory.hosts.keys());
  const plays = loaded.playbooks.flatMap((p) => p.plays);
  const meant = new Set(plays.flatMap((play) => hostsByNow(run, play)));
  for (const host of run.inventory.hosts.keys()) if (meant.has(host)) run.stats[host] = emptyStats();
  run.emit({
    type: 'run_start',
    playbooks: loaded.playbooks.map((p) => p.file),
    check: run.check,
    hosts: [...meant],
    ...(options.shard && { shard: { number: options.shard.number, count: options.shard.count } }),
  });
  try {
    for (const [done, play] of plays.entries()) {
      if (run.fatal)
        run.emit({
          type: 'warning',
          message: `${run.fatal}: the run ends before the play '${play.name}'${done + 1 < plays.length ? ' and what comes after it' : ''}`,
          at: play.at,
        });
      if (run.stopping() || run.fatal) break;
      await runOrRefuse(run, play);
    }
  } finally {
    await run.shells.closeAll();
    await run.archives.close();
    await run.journal.close();
  }
  const interrupted = run.stopping() || run.refused === 'interrupted';
  const again = await retryable(run, known);
  run.emit({ type: 'run_end', stats: run.stats, duration_ms: Date.now() - began, interrupted });
  return summary(run, interrupted, again);
}

/** A play whose hosts earlier tasks are to make has none yet. */
function hostsByNow(run: Run, play: Play): string[] {
  try {
    return hostsOf(run, play);
  } catch {
    return [];
  }
}

/** A play that cannot begin, that turns out to mean no host for example, ends the run. */
async function runOrRefuse(run: Run, play: Play): Promise<void> {
  try {
    await runPlay(run, play);
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    run.fatal = error.message;
    run.refused = error.code === 'E_INTERRUPTED' ? 'interrupted' : run.begun ? 'midway' : 'untouched';
    run.emit({
      type: 'warning',
      message: error.message,
      ...(error.at && { at: error.at }),
      ...(error.hint && { hint: error.hint }),
    });
  }
}

async function start(loaded: Loaded, options: RunOptions): Promise<Run> {
  const { inventory, modules, rolesPath, renderer, vars, secrets } = loaded;
  const outgoing = new Outgoing(options.reporters, secrets);
  const run: Run = {
    options,
    check: options.check ?? false,
    inventory,
    modules,
    rolesPath,
    renderer,
    vars,
    decrypt: loaded.decrypt,
    secrets,
    hosts: new Map([...inventory.hosts.keys()].map((name) => [name, new HostRun(name)])),
    shells: new Shells(
      (host) => targetOf(host, run.vars.scopeFor(host), { ...run.options.connection, cwd: run.options.cwd }),
      (target) => open(run, target),
    ),
    epoch: new Epoch(),
    limiter: new Limiter(options.forks ?? FORKS),
    once: new Map(),
    handlers: new Handlers(),
    journal: await journalOf(options, (message) => outgoing.emit({ type: 'warning', message })),
    archives: new Archives(),
    stats: {},
    emit: (event) => {
      run.begun ||= event.type === 'task_start';
      outgoing.emit(event);
    },
    stopping: () => Boolean(options.signal?.aborted || options.drain?.aborted),
    refreshInventory: async () => {
      inventory.refresh(await loaded.reloadInventory());
      vars.changed();
    },
  };
  return run;
}

/** A check reads and writes none. */
async function journalOf(options: RunOptions, warn: (message: string) => void): Promise<Journal> {
  const { cwd, playbooks, inventories, check, shard } = options;
  return check
    ? Journal.none()
    : Journal.open({
        cwd,
        playbooks,
        inventories,
        ...(shard && { shard }),
        directories: stateDirectories(options),
        warn,
      });
}

function open(run: Run, target: Target) {
  for (const secret of [target.password, target.passphrase]) if (secret) run.secrets.add(secret);
  return openShell(target, {
    ...(run.options.signal && { signal: run.options.signal }),
    onWarning: (message) => run.emit({ type: 'warning', message }),
  });
}

/**
 * Records the hosts that failed, for the next run, and returns them. A check records none, and neither does a run
 * without a playbook. Hosts that tasks added (`add_host`) are left out: the next run does not know them at its start.
 */
async function retryable({ check, options, refused, stats, emit }: Run, known: Set<string>): Promise<string[]> {
  if (check || options.playbooks.length === 0 || refused === 'untouched') return [];
  const failed = Object.entries(stats).filter(([, each]) => each.failed + each.unreachable > 0);
  const hosts = failed.map(([host]) => host).filter((host) => known.has(host) || isImplicitHost(host));
  try {
    await recordFailedHosts({ ...options, directories: stateDirectories(options) }, hosts);
    return hosts;
  } catch (error) {
    if (hosts.length > 0)
      emit({
        type: 'warning',
        message: `the failed hosts cannot be recorded, so --retry-failed does not know them: ${(error as Error).message}`,
        hint: 'Set XRUN_STATE_DIR to a directory that can be written.',
      });
    return [];
  }
}

function summary(run: Run, interrupted: boolean, again: string[]): RunSummary {
  const all = Object.values(run.stats);
  return {
    stats: run.stats,
    interrupted,
    untouched: run.refused === 'untouched',
    retryable: again,
    changed: all.some((s) => s.changed > 0),
    unknown: all.some((s) => s.unknown > 0),
    failed: run.refused !== undefined || all.some((s) => s.failed + s.unreachable > 0),
  };
}
