import type { Play, Raw, RoleRef, VarsLayer } from '../playbook/types.ts';
import { XrunError } from '../errors.ts';
import { isUnreachable } from './result.ts';
import { FactsNeeded } from '../vars/types.ts';
import type { Scope } from '../vars/types.ts';
import { gatherFacts } from './facts.ts';
import type { PlayRun } from './play-state.ts';
import type { Run } from './run-state.ts';

/** The variables that a task (or block, or include) sees on a host. */
export function taskScope(run: Run, play: PlayRun, node: { vars: VarsLayer[]; role?: RoleRef; connection?: Raw }, host: string): Scope {
  const connection = node.connection?.value;
  const scope = run.vars.scopeFor(host, { ...(typeof connection === 'string' && !connection.includes('{{') && { connection }), vars: node.vars, roleDefaults: [...play.roleDefaults, ...(node.role?.defaults ?? [])], ...(node.role && { role: node.role }) });
  return (play.loopVars.get(host) ?? []).reduce((inner, vars) => inner.with(vars), scope);
}

/** The variables of a play before any host is chosen: what its `hosts` and `serial` may use. */
export function playScope(run: Pick<Run, 'vars'>, play: Play): Scope {
  run.vars.startPlay({ name: play.name, dir: play.dir, roleNames: play.roleNames, roleDefaults: play.roleDefaults, vars: play.vars });
  return run.vars.scopeFor('localhost');
}

/**
 * Does `work` for a host; whenever it reads facts of a host that has none yet, gathers them and does it again. Where
 * another host cannot be reached for them, it is not this one that is unreachable: E_FACTS.
 */
export async function withFacts<T>(run: Run, play: PlayRun, host: string, work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FactsNeeded)) throw error;
      await gatherFacts(run, play, error.host).catch((cause: unknown) => Promise.reject(error.host === host ? cause : ofAnother(error.host, cause)));
    }
  }
}

function ofAnother(host: string, cause: unknown): unknown {
  if (!(cause instanceof XrunError) || !isUnreachable(cause.code)) return cause;
  return new XrunError('E_FACTS', `the facts of ${host} cannot be gathered: ${cause.message}`, { cause, hint: `a variable of this task reads them; 'key' in hostvars['${host}'] asks without gathering` });
}
