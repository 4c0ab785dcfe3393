import type { Play, Raw, RoleRef, VarsLayer } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import type { PlayRun } from '../play/play-state.ts';
import type { Run } from '../run/run-state.ts';

/** The variables that a task (or block, or include) sees on a host. */
export function taskScope(
  play: PlayRun,
  node: { vars: VarsLayer[]; role?: RoleRef; connection?: Raw },
  host: string,
): Scope {
  const { run } = play;
  const connection = node.connection?.value;
  const scope = run.vars.scopeFor(host, {
    ...(typeof connection === 'string' && !connection.includes('{{') && { connection }),
    vars: node.vars,
    roleDefaults: [...play.roleDefaults, ...(node.role?.defaults ?? [])],
    ...(node.role && { role: node.role }),
  });
  return (play.loopVars.get(host) ?? []).reduce((inner, vars) => inner.with(vars), scope);
}

type PlayLayers = Pick<Play, 'name' | 'dir' | 'roleNames' | 'roleDefaults' | 'vars'>;

/** What a play gives to the variables of its hosts. */
export function layersOf({ name, dir, roleNames, roleDefaults, vars }: Play): PlayLayers {
  return { name, dir, roleNames, roleDefaults, vars };
}

/** The variables of a play before any host is chosen: what its `hosts` and `serial` may use. */
export function playScope(run: Pick<Run, 'vars'>, play: Play): Scope {
  run.vars.startPlay(layersOf(play));
  return run.vars.scopeFor('localhost');
}
