import type { Failure, Status, TaskRef } from '../events.ts';
import type { Raw, Task } from '../playbook/types.ts';
import { asBoolean } from './context.ts';
import type { HostRun } from './host-run.ts';
import { asNumber } from './numbers.ts';
import type { PlayRun } from './play-state.ts';
import { Pool } from './pool.ts';
import { rememberFailure } from './failing.ts';
import { onceKey } from './once.ts';
import type { Frame } from './frame.ts';
import { failed, failureOf } from './result.ts';
import type { Ended } from './result.ts';
import { count } from './run-state.ts';
import type { Run } from './run-state.ts';
import { notify } from './notify.ts';
import { runsOnce } from './engine-tasks.ts';
import { taskScope } from './scope.ts';
import { nameOf, refOf } from './task-ref.ts';
import { forgiven, performTask } from './task.ts';
import { noteEarly, registered } from './unknown-results.ts';

/** Runs one task on these hosts in parallel. Returns the hosts that failed and may not go on. */
export async function runStep(run: Run, play: PlayRun, task: Task, hosts: readonly string[], frame: Frame): Promise<Map<string, Failure>> {
  const ref = refOf(run, play, task, hosts, frame);
  run.emit({ type: 'task_start', hosts: [...hosts], ...ref });
  const lost = new Map<string, Failure>();
  const throttle = throttleOf(run, play, task, hosts);
  const one = async (name: string, ended: Promise<Ended>, began: number) => {
    const failure = conclude(run, play, task, ref, run.hosts.get(name)!, await ended, Date.now() - began, frame);
    if (failure) lost.set(name, failure);
  };
  if (!(await stepAllows(run, ref))) return skipAll(run, ref, hosts);
  const perform = (name: string) => throttle(() => performOn(run, play, task, ref, name, frame));
  if ((await run.modules.load(task.module)).once) {
    await runForAll(run, task, hosts, perform, one);
  } else if (isOnce(run, play, task, hosts)) {
    await runOnceFor(run, play, task, hosts, frame, lost, perform, one);
  } else {
    await Promise.all(hosts.map((name) => one(name, perform(name), Date.now())));
  }
  run.emit({ type: 'task_done', ...ref });
  return lost;
}

/** --step: asks before the task; `continue` asks no more. */
async function stepAllows(run: Run, ref: TaskRef): Promise<boolean> {
  if (!run.options.step || run.stepping === false) return true;
  const answer = await run.options.step(ref.task);
  if (answer === 'continue') run.stepping = false;
  return answer !== 'no';
}

function skipAll(run: Run, ref: TaskRef, hosts: readonly string[]): Map<string, Failure> {
  for (const host of hosts) {
    count(run, host, 'skipped');
    run.emit({ type: 'task_end', ...ref, host, status: 'skipped', duration_ms: 0, message: 'not wanted at this step' });
  }
  run.emit({ type: 'task_done', ...ref });
  return new Map();
}

/** What concerns the run is done for the first host; the others know its result. */
async function runForAll(
  run: Run,
  task: Task,
  hosts: readonly string[],
  perform: (name: string) => Promise<Ended>,
  one: (name: string, ended: Promise<Ended>, began: number) => Promise<void>,
): Promise<void> {
  const [first, ...others] = hosts;
  if (first === undefined) return;
  const began = Date.now();
  const ended = await perform(first);
  await one(first, Promise.resolve(ended), began);
  for (const name of others) register(run, task, name, ended);
}

async function runOnceFor(
  run: Run,
  play: PlayRun,
  task: Task,
  hosts: readonly string[],
  frame: Frame,
  lost: Map<string, Failure>,
  perform: (name: string) => Promise<Ended>,
  one: (name: string, ended: Promise<Ended>, began: number) => Promise<void>,
): Promise<void> {
  const [first] = hosts;
  if (first === undefined) return;
  const key = onceKey(play, task, first, frame);
  let done = run.once.get(key);
  if (!done) {
    const began = Date.now();
    const ended = await perform(first);
    await one(first, Promise.resolve(ended), began);
    const failure = lost.get(first);
    run.once.set(key, (done = { ended, ...(failure && { failure }) }));
  }
  // Every host of the play knows the result, also those of later batches; only the first one ran it. What it is for
  // nobody can do without, so a failure is one of all hosts.
  for (const name of play.hosts) {
    register(run, task, name, done.ended);
    if (name !== first) run.vars.copyResults(first, name, variablesOf(task, done.ended));
  }
  for (const name of done.failure ? hosts : []) {
    lost.set(name, done.failure!);
    if (frame.covered) rememberFailure(run, name, { name: nameOf(run, play, task, [name]), action: task.module }, done.ended);
  }
}

function isOnce(run: Run, play: PlayRun, task: Task, hosts: readonly string[]): boolean {
  const [first] = hosts;
  if (task.runOnce === undefined || first === undefined) return false;
  try {
    return runsOnce(run, task, taskScope(run, play, task, first));
  } catch {
    // The same error comes again, with its place, when the task runs.
    return false;
  }
}

function performOn(run: Run, play: PlayRun, task: Task, ref: TaskRef, name: string, frame: Frame): Promise<Ended> {
  const host = run.hosts.get(name)!;
  run.emit({ type: 'host_start', id: ref.id, host: name });
  return performTask(run, play, task, host, frame.upcoming, (item, ended, duration_ms) => {
    run.emit({ type: 'task_end', ...ref, host: name, item: hides(task) ? 'hidden' : item, duration_ms, ...shown(run, play, task, name, ended, ended.status) });
  });
}

/** Nobody can know what a task did that ended so. */
const UNSURE = new Set(['E_LOST', 'E_TIMEOUT', 'E_INTERRUPTED']);

/** Registers, notifies, counts and tells of a task's end. Returns the failure where the host may not go on. */
export function conclude(run: Run, play: PlayRun, task: Task, ref: TaskRef, host: HostRun, ended: Ended, duration_ms: number, frame: Frame): Failure | undefined {
  let final = ended;
  let ignored = false;
  register(run, task, host.name, final);
  try {
    ignored = final.error !== undefined && forgiven(run, play, task, host, final);
    notify(run, play, task, host, final);
  } catch (error) {
    final = failed(failureOf(error, task.at), final.result);
  }
  run.journal.concluded(host.name, { unsure: final.error !== undefined && UNSURE.has(final.error.code) });
  if (final.acts && final.status === 'unknown' && final.result.changed !== false) host.unforeseen ??= ref.task;
  const status = statusOf(final, ignored, frame);
  if (task.role?.key !== undefined && status !== 'skipped') play.rolesRun.add(`${task.role.key} ${host.name}`);
  count(run, host.name, status);
  run.emit({ type: 'task_end', ...ref, host: host.name, duration_ms, ...shown(run, play, task, host.name, final, status) });
  if (final.matrix) run.emit({ type: 'matrix', ...final.matrix });
  if (!final.error || ignored) return undefined;
  if (frame.covered) rememberFailure(run, host.name, { name: ref.task, action: task.module }, final);
  if (final.status === 'unreachable') void run.shells.drop(host.name);
  return final.error;
}

function statusOf(ended: Ended, ignored: boolean, frame: Frame): Status {
  if (!ended.error) return ended.status;
  if (ignored) return 'ignored';
  return frame.covered && ended.error.code !== 'E_INTERRUPTED' ? 'rescued' : ended.status;
}

function register(run: Run, task: Task, host: string, ended: Ended): void {
  if (!task.register) return;
  noteEarly(run, task, host, ended);
  run.vars.setResult(host, task.register, registered(task, ended), `register at ${task.at.file}:${task.at.line}`);
}

/** The variables that a task gave its host; none where they are another host's. */
function variablesOf(task: Task, ended: Ended): string[] {
  if (!['set_fact', 'include_vars'].includes(task.module) || task.delegateFacts) return [];
  const ends = (ended.result.results as Ended['result'][] | undefined) ?? [ended.result];
  return ends.flatMap(({ ansible_facts }) => Object.keys(ansible_facts ?? {}));
}

/** Whatever is no plain `false` hides: a template that comes out false costs a line of output, the other way a secret. */
function hides(task: Task): boolean {
  return task.noLog !== undefined && task.noLog.value !== false;
}

/** What reporters see of an end; nothing of it under no_log, no differences under `diff: false`. */
function shown(run: Run, play: PlayRun, task: Task, host: string, ended: Ended, status: Status) {
  const message = ended.message;
  if (hides(task)) {
    const error = ended.error && { code: ended.error.code, message: 'hidden, because the task says no_log', ...(ended.error.at && { at: ended.error.at }) };
    return { status, ...(error && { error }), result: { censored: true } };
  }
  const asked = task.diff && diffOf(run, play, task, task.diff, host);
  const { diff: _diff, ...withoutDiff } = ended.result;
  return {
    status,
    ...(ended.diff?.length && asked !== false && { diff: ended.diff, ...(asked && { show_diff: true as const }) }),
    ...(ended.error && { error: ended.error }),
    ...(message !== undefined && { message }),
    result: asked === false ? withoutDiff : ended.result,
  };
}

/** `diff` of a task; what cannot be rendered shows nothing. */
function diffOf(run: Run, play: PlayRun, task: Task, diff: Raw, host: string): boolean {
  try {
    return asBoolean(run, diff, taskScope(run, play, task, host));
  } catch {
    return false;
  }
}

/** Limits how many hosts do this task at a time: the run's forks, or the task's own throttle. */
function throttleOf(run: Run, play: PlayRun, task: Task, hosts: readonly string[]): <T>(work: () => Promise<T>) => Promise<T> {
  const [first] = hosts;
  if (!task.throttle || first === undefined) return (work) => run.pool.run(work);
  const size = asNumber(run, 'throttle', task.throttle, taskScope(run, play, task, first));
  const own = size > 0 ? new Pool(size) : run.pool;
  return (work) => own.run(() => (own === run.pool ? work() : run.pool.run(work)));
}
