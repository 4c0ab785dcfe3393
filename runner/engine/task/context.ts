import { dirname, resolve } from 'node:path';
import { lazyObject } from '../../language/values/lazy-object.ts';
import { becomeOf, targetOf } from '../../inventory/login/target.ts';
import type { Task, Raw } from '../../model/playbook.ts';
import type { Become, HostShell } from '../../model/transport/host-shell.ts';
import type { Scope } from '../../model/variables.ts';
import { XrunError } from '../../diagnostics/errors.ts';
import type { HostRun } from './host-run.ts';
import { asNumber } from './numbers.ts';
import { hostRun } from '../run/run-state.ts';
import type { Run } from '../run/run-state.ts';
import { HostRun as HostRunClass } from './host-run.ts';
import { loginFor } from './login.ts';
import type { Login } from '../run/shells.ts';
import type { Iteration } from '../loop/loop.ts';
import type { PlayRun } from '../play/play-state.ts';

/** One task on one host, with its keywords rendered: what the rest of the engine works with. */
export interface TaskContext {
  run: Run;
  play: PlayRun;
  task: Task;
  /** Whose variables are read and written. */
  host: HostRun;
  /** Where it runs: the host itself, or whom it is delegated to. */
  target: HostRun;
  /** On the controller itself, whatever its name says. */
  local: boolean;
  /** Where the task asks for another log-in than the host's usual one. */
  login?: Login;
  scope: Scope;
  /** Which turn of the task's loop this is. */
  turn: number;
  become?: Become;
  check: boolean;
  /** The task only asks, by the run's or its own check mode; a guarded block does not carry it out either. */
  asks: boolean;
  noLog: boolean;
  timeoutMs?: number;
  env: Record<string, string>;
  /** This task, when it loops, and those after it, as far as they are known. */
  upcoming(): Iterable<Task>;
}

/** Renders the task's keywords for one host. Throws what templates throw, FactsNeeded included. */
export function contextOf(
  play: PlayRun,
  task: Task,
  host: HostRun,
  { scope: own, index = 0 }: Pick<Iteration, 'scope' | 'index'>,
  upcoming: () => Iterable<Task> = () => [],
): TaskContext {
  const { run } = play;
  const bool = (raw: Raw | undefined) => (raw === undefined ? undefined : asBoolean(run, raw, scope));
  const delegate = task.delegateTo && String(run.renderer.render(task.delegateTo.value, own, task.delegateTo.at));
  const scope = delegate ? own.with({ ansible_delegated_vars: delegatedVars(delegate, own) }) : own;
  const target = delegate ? hostRun(run, delegate, (name) => new HostRunClass(name)) : host;
  const login = loginFor(play, task, target, scope);
  const timeout = task.timeout && asNumber(run, 'timeout', task.timeout, scope);
  const become = becomeFor(run, task, target, scope, bool(task.become));
  const asks = bool(task.checkMode) ?? run.check;
  return {
    run,
    play,
    task,
    host,
    target,
    local: delegate !== undefined && isLocalName(run, delegate),
    ...(login && { login }),
    scope,
    turn: index,
    ...(become && { become }),
    // Planning a guarded block is deciding without doing, just as a check is.
    check: target.collected !== undefined || asks,
    asks,
    noLog: bool(task.noLog) ?? false,
    ...(timeout && { timeoutMs: timeout * 1000 }),
    env: environment(run, task, scope),
    upcoming,
  };
}

/** `ansible_delegated_vars`: the variables of the host delegated to, by its name. */
function delegatedVars(delegate: string, scope: Scope): object {
  return lazyObject([delegate], (name) => (scope.get('hostvars') as Record<string, unknown>)[name]);
}

/** A keyword that may be a template, as a boolean; Ansible's yes/no words are taken too. */
export function asBoolean(run: Run, raw: Raw, scope: Scope): boolean {
  const value = run.renderer.render(raw.value, scope, raw.at);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|yes|on)$/i.test(value)) return true;
  if (typeof value === 'string' && /^(false|no|off|)$/i.test(value)) return false;
  throw new XrunError('E_TYPE', `found ${JSON.stringify(value)}, expected true or false`, { at: raw.at });
}

/** The shell of the task's target. */
export function shellOf(context: TaskContext): Promise<HostShell> {
  return context.run.shells.get(context.target.name, context);
}

/** Whether the task works on the machine that xrun itself runs on. */
export function onController({ local, run, target }: TaskContext): boolean {
  return local || targetOf(target.name, run.vars.scopeFor(target.name), run.options.connection).connection === 'local';
}

/**
 * The state that earlier tasks of this check (or guarded block) would have left of a resource. A task that acts never
 * sees it: what a task with `check_mode: true` planned in a real run has not happened.
 */
export function plannedState({ check, target }: TaskContext, resource: string): unknown {
  return check ? target.planned.get(resource) : undefined;
}

/** Whether an earlier task planned a state of the resource that this task has to go by. */
export function isPlanned({ check, target }: TaskContext, resource: string | undefined): boolean {
  return check && resource !== undefined && target.planned.has(resource);
}

/** A real run changes its target: what tasks with `check_mode: true` planned before may no longer hold. */
export function forgetPlans({ run, target }: TaskContext): void {
  if (!run.check) target.planned.clear();
}

/** Where a task's files and templates are looked for. */
export function searchPath(context: Pick<TaskContext, 'play' | 'task'>): {
  dir: string;
  role?: string;
  taskFile: string;
} {
  const { play, task } = context;
  return {
    dir: play.play.dir,
    ...(task.role && { role: task.role.path }),
    taskFile: resolve(play.cwd, task.at.file || dirname(play.play.dir)),
  };
}

function becomeFor(
  run: Run,
  task: Task,
  target: HostRun,
  scope: Scope,
  wanted: boolean | undefined,
): Become | undefined {
  const text = (raw: Raw | undefined) =>
    raw === undefined ? undefined : String(run.renderer.render(raw.value, scope, raw.at));
  const user = text(task.becomeUser);
  const method = text(task.becomeMethod);
  // A delegated task becomes what its target's variables say; otherwise the task's own count too.
  const variables = scope.get('inventory_hostname') === target.name ? scope : run.vars.scopeFor(target.name);
  const become = becomeOf(variables, run.options.connection, {
    ...(wanted !== undefined && { become: wanted }),
    ...(user !== undefined && { user }),
    ...(method !== undefined && { method }),
  });
  if (become?.password) run.secrets.add(become.password);
  return become;
}

function environment(run: Run, task: Task, scope: Scope): Record<string, string> {
  const env: Record<string, string> = {};
  for (const layer of task.environment) {
    const value = run.renderer.render(layer.value, scope, layer.at);
    for (const part of Array.isArray(value) ? value : [value]) {
      for (const [name, v] of Object.entries((part ?? {}) as Record<string, unknown>)) env[name] = String(v ?? '');
    }
  }
  return env;
}

function isLocalName(run: Run, name: string): boolean {
  return !run.inventory.hosts.has(name) && (name === 'localhost' || name === '127.0.0.1' || name === '::1');
}
