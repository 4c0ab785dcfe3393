import { XrunError } from '../../diagnostics/errors.ts';
import { newTask } from '../../model/new-task.ts';
import type { Task } from '../../model/playbook.ts';
import { FactsNeeded } from '../../model/variables.ts';
import { act } from '../action/action.ts';
import { contextOf } from './context.ts';
import { HostRun } from './host-run.ts';
import type { PlayRun } from '../play/play-state.ts';
import { prepare } from '../action/prepare.ts';
import { isUnreachable } from './result.ts';
import { hostRun } from '../run/run-state.ts';
import type { Run } from '../run/run-state.ts';

const gathering = new WeakMap<Run, Map<string, Promise<void>>>();

/** Reads a host's facts once a run (again after meta clear_facts). Rejects like any task would: E_UNREACHABLE ... */
export function gatherFacts(play: PlayRun, host: string): Promise<void> {
  const { run } = play;
  let hosts = gathering.get(run);
  if (!hosts) gathering.set(run, (hosts = new Map()));
  let done = hosts.get(host);
  if (!done) {
    done = gather(play, host).finally(() => hosts.delete(host));
    hosts.set(host, done);
  }
  return done;
}

/**
 * Does `work` for a host; whenever it reads facts of a host that has none yet, gathers them and does it again. Where
 * another host cannot be reached for them, it is not this one that is unreachable: E_FACTS.
 */
export async function withFacts<T>(play: PlayRun, host: string, work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FactsNeeded)) throw error;
      await gatherFacts(play, error.host).catch((cause: unknown) =>
        Promise.reject(error.host === host ? cause : ofAnother(error.host, cause)),
      );
    }
  }
}

function ofAnother(host: string, cause: unknown): unknown {
  if (!(cause instanceof XrunError) || !isUnreachable(cause.code)) return cause;
  return new XrunError('E_FACTS', `the facts of ${host} cannot be gathered: ${cause.message}`, {
    cause,
    hint: `A variable of this task reads them; 'key' in hostvars['${host}'] asks without gathering.`,
  });
}

async function gather(play: PlayRun, name: string): Promise<void> {
  const { run } = play;
  const task = setupTask(play);
  const host = hostRun(run, name, (n) => new HostRun(n));
  const context = contextOf(play, task, host, { scope: run.vars.scopeFor(name) });
  // Facts are read in check mode too: reading changes nothing.
  const ended = await act(context, await prepare(context));
  if (ended.error) throw new XrunError(ended.error.code, `facts of ${name}: ${ended.error.message}`);
  run.vars.setFacts(name, (ended.result.ansible_facts ?? {}) as Record<string, unknown>);
}

/** The implicit task: `setup` with the play's own settings. */
function setupTask(play: PlayRun): Task {
  const { play: settings, run } = play;
  return newTask({
    id: 'facts',
    at: settings.at,
    module: run.modules.facts,
    traits: { changesVariables: 'facts' },
    ...(settings.become && { become: settings.become }),
    ...(settings.becomeUser && { becomeUser: settings.becomeUser }),
    ...(settings.becomeMethod && { becomeMethod: settings.becomeMethod }),
    ...(settings.connection && { connection: settings.connection }),
    ...(settings.user && { user: settings.user }),
    ...(settings.port && { port: settings.port }),
  });
}
