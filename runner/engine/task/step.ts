import type { Failure, Status, TaskRef } from '../../model/events.ts';
import type { Raw, Task } from '../../model/playbook.ts';
import { asBoolean } from './context.ts';
import type { HostRun } from './host-run.ts';
import { asNumber } from './numbers.ts';
import type { PlayRun } from '../play/play-state.ts';
import { Limiter } from '../../model/limiter.ts';
import { rememberFailure } from '../play/failing.ts';
import { onceKey } from '../play/once.ts';
import type { Frame, FailedHosts } from '../play/frame.ts';
import { failed, failureOf } from './result.ts';
import type { TaskResult } from './result.ts';
import { count } from '../run/run-state.ts';
import type { Run } from '../run/run-state.ts';
import { notify } from '../play/notify.ts';
import { runsOnce } from './engine-tasks.ts';
import { taskScope } from './scope.ts';
import { nameOf, refOf } from './task-ref.ts';
import { forgiven, performTask } from './task.ts';
import { noteEarly, registered } from './unknown-results.ts';

/** One task on its way over the hosts of a list. */
export interface TaskRun {
  play: PlayRun;
  task: Task;
  /** How events name it. */
  ref: TaskRef;
  hosts: readonly string[];
  frame: Frame;
  /** Hosts that failed and may not go on. */
  lost: FailedHosts;
}

/** A task that begins: how events name it comes from the first of its hosts. */
export function taskRun(play: PlayRun, task: Task, hosts: readonly string[], frame: Frame): TaskRun {
  return { play, task, ref: refOf(play, task, hosts, frame), hosts, frame, lost: new Map() };
}

/** Runs one task on these hosts in parallel. Returns the hosts that failed and may not go on. */
export async function runTask(play: PlayRun, task: Task, hosts: readonly string[], frame: Frame): Promise<FailedHosts> {
  const { run } = play;
  const step = taskRun(play, task, hosts, frame);
  const { ref, lost } = step;
  run.emit({ type: 'task_start', hosts: [...hosts], ...ref });
  const throttle = throttleOf(play, task, hosts);
  if (!(await stepAllows(run, ref))) return skipAll(step);
  const perform = async (name: string) => {
    const began = Date.now();
    const ended = await throttle(() => performOn(step, name));
    const failure = conclude(step, run.hosts.get(name)!, ended, Date.now() - began);
    if (failure) lost.set(name, failure);
    return ended;
  };
  if (task.traits.once) await runForAll(step, perform);
  else if (isOnce(play, task, hosts)) await runOnceFor(step, perform);
  else await Promise.all(hosts.map(perform));
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

function skipAll({ play: { run }, ref, hosts, lost }: TaskRun): FailedHosts {
  for (const host of hosts) {
    count(run, host, 'skipped');
    run.emit({
      type: 'task_end',
      ...ref,
      host,
      status: 'skipped',
      duration_ms: 0,
      message: 'skipped at the --step prompt',
    });
  }
  run.emit({ type: 'task_done', ...ref });
  return lost;
}

/** What concerns the run is done for the first host; the others know its result. */
async function runForAll(
  { play: { run }, task, hosts }: TaskRun,
  perform: (name: string) => Promise<TaskResult>,
): Promise<void> {
  const [first, ...others] = hosts;
  if (first === undefined) return;
  const ended = await perform(first);
  for (const name of others) register(run, task, name, ended);
}

async function runOnceFor(
  { play, task, hosts, frame, lost }: TaskRun,
  perform: (name: string) => Promise<TaskResult>,
): Promise<void> {
  const { run } = play;
  const [first] = hosts;
  if (first === undefined) return;
  const key = onceKey(play, task, first, frame);
  let done = run.once.get(key);
  if (!done) {
    const ended = await perform(first);
    const failure = lost.get(first);
    run.once.set(key, (done = { ended, ...(failure && { failure }) }));
  }
  // Every host of the play knows the result, also those of later batches; only the first one ran it. What it is for
  // no host can do without, so a failure is one of all hosts.
  for (const name of play.hosts) {
    register(run, task, name, done.ended);
    if (name !== first) run.vars.copyResults(first, name, variablesOf(task, done.ended));
  }
  for (const name of done.failure ? hosts : []) {
    lost.set(name, done.failure!);
    if (frame.covered)
      rememberFailure(run, name, { name: nameOf(play, task, [name]), action: task.module }, done.ended);
  }
}

function isOnce(play: PlayRun, task: Task, hosts: readonly string[]): boolean {
  const { run } = play;
  const [first] = hosts;
  if (task.runOnce === undefined || first === undefined) return false;
  try {
    return runsOnce(run, task, taskScope(play, task, first));
  } catch {
    // The same error comes again, with its place, when the task runs.
    return false;
  }
}

function performOn({ play, task, ref, frame }: TaskRun, name: string): Promise<TaskResult> {
  const { run } = play;
  const host = run.hosts.get(name)!;
  run.emit({ type: 'host_start', id: ref.id, host: name });
  return performTask(play, task, host, frame.upcoming, (item, ended, duration_ms) => {
    run.emit({
      type: 'task_end',
      ...ref,
      host: name,
      item: hides(task) ? 'hidden' : item,
      duration_ms,
      ...shown(play, task, name, ended, ended.status),
    });
  });
}

/** What a task did that ended so cannot be known. */
const UNSURE = new Set(['E_LOST', 'E_TIMEOUT', 'E_INTERRUPTED']);

/** Registers, notifies, counts and reports the end of a task. Returns the failure where the host may not go on. */
export function conclude(
  { play, task, ref, frame }: TaskRun,
  host: HostRun,
  ended: TaskResult,
  duration_ms: number,
): Failure | undefined {
  const { run } = play;
  let final = ended;
  let ignored = false;
  register(run, task, host.name, final);
  try {
    ignored = final.error !== undefined && forgiven(play, task, host, final);
    notify(play, task, host, final);
  } catch (error) {
    final = failed(failureOf(error, task.at), final.result);
  }
  run.journal.concluded(host.name, { unsure: final.error !== undefined && UNSURE.has(final.error.code) });
  if (final.acts && final.status === 'unknown' && final.result.changed !== false) host.unforeseen ??= ref.task;
  const status = statusOf(final, ignored, frame);
  if (task.role?.key !== undefined && status !== 'skipped') play.rolesRun.add(`${task.role.key} ${host.name}`);
  count(run, host.name, status);
  run.emit({ type: 'task_end', ...ref, host: host.name, duration_ms, ...shown(play, task, host.name, final, status) });
  if (final.matrix) run.emit({ type: 'matrix', ...final.matrix });
  if (!final.error || ignored) return undefined;
  if (frame.covered) rememberFailure(run, host.name, { name: ref.task, action: task.module }, final);
  if (final.status === 'unreachable') void run.shells.drop(host.name);
  return final.error;
}

function statusOf(ended: TaskResult, ignored: boolean, frame: Frame): Status {
  if (!ended.error) return ended.status;
  if (ignored) return 'ignored';
  return frame.covered && ended.error.code !== 'E_INTERRUPTED' ? 'rescued' : ended.status;
}

function register(run: Run, task: Task, host: string, ended: TaskResult): void {
  if (!task.register) return;
  noteEarly(run, task, host, ended);
  run.vars.setResult(host, task.register, registered(task, ended), `register at ${task.at.file}:${task.at.line}`);
}

/** The variables that a task gave its host; none where they are another host's. */
function variablesOf(task: Task, ended: TaskResult): string[] {
  if (!['arguments', 'files'].includes(task.traits.changesVariables ?? '') || task.delegateFacts) return [];
  const ends = (ended.result.results as TaskResult['result'][] | undefined) ?? [ended.result];
  return ends.flatMap(({ ansible_facts }) => Object.keys(ansible_facts ?? {}));
}

/** Anything but a plain `false` hides: a template that comes out false costs a line of output, the other way a secret. */
function hides(task: Task): boolean {
  return task.noLog !== undefined && task.noLog.value !== false;
}

/** What reporters see of an end; nothing of it under no_log, no differences under `diff: false`. */
function shown(play: PlayRun, task: Task, host: string, ended: TaskResult, status: Status) {
  const message = ended.message;
  if (hides(task)) {
    const error = ended.error && {
      code: ended.error.code,
      message: 'hidden, because the task says no_log',
      ...(ended.error.at && { at: ended.error.at }),
    };
    return { status, ...(error && { error }), result: { censored: true } };
  }
  const asked = task.diff && diffOf(play, task, task.diff, host);
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
function diffOf(play: PlayRun, task: Task, diff: Raw, host: string): boolean {
  const { run } = play;
  try {
    return asBoolean(run, diff, taskScope(play, task, host));
  } catch {
    return false;
  }
}

/** Limits how many hosts do this task at a time: the run's forks, or the task's own throttle. */
function throttleOf(play: PlayRun, task: Task, hosts: readonly string[]): <T>(work: () => Promise<T>) => Promise<T> {
  const { run } = play;
  const [first] = hosts;
  if (!task.throttle || first === undefined) return (work) => run.limiter.run(work);
  const size = asNumber(run, 'throttle', task.throttle, taskScope(play, task, first));
  const own = size > 0 ? new Limiter(size) : run.limiter;
  return (work) => own.run(() => (own === run.limiter ? work() : run.limiter.run(work)));
}
