import type { RoleRef, VarsLayer } from '../playbook/types.ts';
import { FactsNeeded } from '../vars/types.ts';
import type { Scope } from '../vars/types.ts';
import { gatherFacts } from './facts.ts';
import type { PlayRun } from './play-state.ts';
import type { Run } from './run-state.ts';

/** The variables that a task (or block, or include) sees on a host. */
export function taskScope(run: Run, play: PlayRun, node: { vars: VarsLayer[]; role?: RoleRef }, host: string): Scope {
  return run.vars.scopeFor(host, {
    roleDefaults: play.roleDefaults,
    play: play.hostVars.has(host) ? [...play.vars, ...play.hostVars.get(host)!] : play.vars,
    task: node.vars,
    batch: play.batch,
    playHosts: play.hosts,
    playbookDir: play.play.dir,
    ...(node.role && { role: node.role }),
  });
}

/** Does `work`; whenever it reads facts of a host that has none yet, gathers them and does it again. */
export async function withFacts<T>(run: Run, play: PlayRun, work: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FactsNeeded)) throw error;
      await gatherFacts(run, play, error.host);
    }
  }
}
