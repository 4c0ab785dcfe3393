import type { Task } from '../../model/playbook.ts';
import type { AnyModule, DecideContext } from '../../model/module.ts';
import type { Script } from '../../model/script.ts';
import type { VarsStore } from '../../variables/store.ts';
import type { Epoch } from './ahead.ts';

/** A module call that lacks nothing but the state of the host. */
export interface Prepared {
  module: AnyModule;
  args: never;
  local: DecideContext['local'];
  probe?: Script;
  resource?: string;
}

/** A call of a module: one turn of a task on a host; the part of a task's context that is looked at here. */
interface Call {
  run: { epoch: Pick<Epoch, 'now'>; vars: Pick<VarsStore, 'version'> };
  play: { loopVars: ReadonlyMap<string, readonly Record<string, unknown>[]> };
  host: { name: string };
  task: Task;
  turn: number;
}

/** Files of the controller beyond this many bytes are read again rather than kept for each host. */
const KEPT_MAX = 64 * 1024;

/** All that preparing a call may read. Where it is the same, preparing again gives the same. */
interface Moment {
  epoch: number;
  vars: number;
  loop: Record<string, unknown> | undefined;
}

/**
 * Calls of a host that were prepared to send their probes ahead. Each serves its task once, as long as no host has been
 * changed and no variable has been written since: preparing is most of what a task costs the controller.
 */
export class PreparedAhead {
  #calls = new Map<Task, Map<number, Prepared>>();
  #moment: Moment | undefined;

  /** Keeps what `prepare` makes of a call whose task is still to come. Rejects as that does. */
  async keep<C extends Call>(context: C, prepare: (context: C) => Promise<Prepared>): Promise<Prepared> {
    const before = momentOf(context);
    const prepared = await prepare(context);
    const now = momentOf(context);
    if (!same(before, now) || isLarge(prepared)) return prepared;
    this.#forgetUnless(now);
    this.#calls.set(
      context.task,
      (this.#calls.get(context.task) ?? new Map<number, Prepared>()).set(context.turn, prepared),
    );
    return prepared;
  }

  /** What was prepared for this very call, if it still holds. */
  take(context: Call): Prepared | undefined {
    this.#forgetUnless(momentOf(context));
    const turns = this.#calls.get(context.task);
    const prepared = turns?.get(context.turn);
    turns?.delete(context.turn);
    return prepared;
  }

  /** What was prepared at another moment holds no longer. */
  #forgetUnless(now: Moment): void {
    if (this.#moment && !same(this.#moment, now)) this.#calls.clear();
    this.#moment = now;
  }
}

function momentOf({ run, play, host }: Call): Moment {
  return { epoch: run.epoch.now, vars: run.vars.version, loop: play.loopVars.get(host.name)?.at(-1) };
}

function same(a: Moment, b: Moment): boolean {
  return a.epoch === b.epoch && a.vars === b.vars && a.loop === b.loop;
}

function isLarge({ local }: Prepared): boolean {
  return Object.values(local).some((file) => Buffer.isBuffer(file) && file.length > KEPT_MAX);
}
