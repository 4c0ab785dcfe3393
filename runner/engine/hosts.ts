import { XrunError } from '../errors.ts';
import type { Step } from '../modules/module.ts';
import type { HostShell, Outcome } from '../shell/host-shell.ts';
import type { Target } from '../transport/transport.ts';
import { loginKey } from './login.ts';
import type { Login } from './login.ts';
import { PreparedAhead } from './prepared-ahead.ts';

/** What the engine knows of one host while it runs. */
export class HostRun {
  readonly name: string;
  /** `ended`: by meta end_host; it is fine, and gets no more tasks in this play. */
  state: 'active' | 'failed' | 'unreachable' | 'ended' = 'active';
  /** Check mode and guarded blocks: the state that earlier tasks would have left, by resource. */
  readonly planned = new Map<string, unknown>();
  /** Check mode: the first task that a check cannot foresee and that may have changed this host; how messages name it. */
  unforeseen?: string;
  /** Check mode: registered names whose values were read before the task that is named here has done its work. */
  readonly early = new Map<string, string>();
  /** While a guarded block is planned: the steps of its tasks, which are not run but gathered here. */
  collected?: Step[];
  /** Probes sent ahead of their task. */
  readonly ahead = new Ahead();
  /** Directories that relative paths and `~` begin at; see host-paths.ts. */
  readonly bases = new Map<string, string>();
  /** What those probes were made from. */
  readonly prepared = new PreparedAhead();

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Counts the changes of a run. A probe that was sent ahead holds only while nothing has been changed anywhere since:
 * a task may read on one host what an earlier one wrote on another.
 */
export class Epoch {
  #now = 0;
  get now(): number {
    return this.#now;
  }
  /** Called whenever something may have changed a host, or time was let pass on purpose. */
  next(): void {
    this.#now++;
  }
}

/** The oldest a probe's answer may be, in milliseconds: what others change meanwhile is not seen otherwise. */
const FRESH_MS = 10_000;
/** Probes in one round trip at most. */
const WIDEST = 64;

/** Probes of one host that travelled with an earlier task's, by shell and text. */
export class Ahead {
  #answers = new Map<string, { epoch: number; sent: number; outcome: Promise<Outcome> }>();
  /** How many tasks it is worth looking ahead. */
  window = WIDEST;

  put(key: string, epoch: number, outcome: Promise<Outcome>): void {
    outcome.catch(() => undefined);
    this.#answers.set(key, { epoch, sent: Date.now(), outcome });
  }

  /** The answer, if it still holds. Each is used once. */
  take(key: string, epoch: number): Promise<Outcome> | undefined {
    const answer = this.#answers.get(key);
    if (!answer) return undefined;
    this.#answers.delete(key);
    if (answer.epoch !== epoch || Date.now() - answer.sent > FRESH_MS) {
      this.#answers.clear();
      this.window = Math.min(this.window, 1);
      return undefined;
    }
    return answer.outcome;
  }

  has(key: string, epoch: number): boolean {
    return this.#answers.get(key)?.epoch === epoch;
  }

  /** After a task that changes nothing: what was sent ahead is not in vain, so dare more. */
  widen(): void {
    this.window = Math.min(WIDEST, Math.max(1, this.window * 2));
  }

  /** After one that does: what was sent ahead is. Where one change comes after the other nothing is sent ahead at all. */
  narrow(): void {
    this.window = this.window > 1 ? 1 : 0;
  }
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

/** The error for a task that comes when the run has been interrupted. */
export function interrupted(): XrunError {
  return new XrunError('E_INTERRUPTED', 'not run, because the run was interrupted');
}
