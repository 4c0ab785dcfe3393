import { isConnectionVariable } from '../../inventory/login/connection.ts';
import { targetOf } from '../../inventory/login/target.ts';
import type { Raw, Settings, Task, VarsLayer } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import type { HostRun } from './host-run.ts';
import { asNumber } from './numbers.ts';
import type { PlayRun } from '../play/play-state.ts';
import { loginKey } from '../run/shells.ts';
import type { Login } from '../run/shells.ts';

/**
 * The log-in that a task asks for by `remote_user`, `port` or `connection`, or by connection variables of its play,
 * blocks or own. Undefined where it asks for none: what the inventory says is worked out once a host, not once a task.
 */
export function loginFor(play: PlayRun, task: Task, target: HostRun, scope: Scope): Login | undefined {
  const { run } = play;
  const own = scope.get('inventory_hostname') === target.name;
  if (!hasKeywords(task) && !(own ? [...play.play.vars, ...task.vars] : play.play.vars).some(speaksOfLogin))
    return undefined;
  const text = (raw: Raw | undefined) =>
    raw === undefined ? undefined : String(run.renderer.render(raw.value, scope, raw.at));
  const [connection, user] = [text(task.connection), text(task.user)];
  const wanted = targetOf(
    target.name,
    own ? scope : run.vars.scopeFor(target.name),
    { ...run.options.connection, cwd: run.options.cwd },
    {
      ...(connection !== undefined && { connection }),
      ...(user !== undefined && { user }),
      ...(task.port && { port: asNumber(run, 'port', task.port, scope) }),
    },
  );
  return { target: wanted, key: loginKey(wanted) };
}

function hasKeywords({ connection, user, port }: Settings): boolean {
  return connection !== undefined || user !== undefined || port !== undefined;
}

const spoken = new WeakMap<VarsLayer, boolean>();

function speaksOfLogin(layer: VarsLayer): boolean {
  let does = spoken.get(layer);
  if (does === undefined)
    spoken.set(
      layer,
      (does = Object.keys(layer.vars).some((name) => isConnectionVariable(name) && !name.includes('become'))),
    );
  return does;
}
