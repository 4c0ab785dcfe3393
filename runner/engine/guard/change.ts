import { randomBytes } from 'node:crypto';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Step } from '../../model/module.ts';
import { newTask } from '../../model/new-task.ts';
import type { Block, Task } from '../../model/playbook.ts';
import type { HostShell, Outcome, PutFile } from '../../model/transport/host-shell.ts';
import type { Script } from '../../model/script.ts';
import { contextOf, shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { rollbackScript } from './rollback.ts';
import {
  applyScript,
  armScript,
  compileStep,
  disarmScript,
  launchScript,
  rollbackNowScript,
  stateScript,
} from './script.ts';
import type { GuardedStep } from './script.ts';
import { guardDir, snapshotScript } from './snapshot.ts';
import { asNumber } from '../task/numbers.ts';
import type { PlayRun } from '../play/play-state.ts';
import { outcomeError } from '../task/result.ts';
import { taskScope } from '../task/scope.ts';
import type { Frame } from '../play/frame.ts';
import { wait } from '../run/wait.ts';

/** One guarded change under way on one host. Times in milliseconds. */
interface Guard {
  id: string;
  context: TaskContext;
  shell: HostShell;
  /** When the target rolls back by itself, by this machine's clock. */
  expires: number;
  newAddress?: string;
}

/** How long the host may take to answer one of the guard's own questions. */
const ANSWER_MS = 5000;

/**
 * Snapshot, timer, detached change, fresh log-in, confirmation, disarm. Throws E_GUARDED when the change was taken
 * back (saying why and whether the host answers again), and whatever the preparation throws.
 */
export async function applyGuarded(
  play: PlayRun,
  node: Block,
  name: string,
  steps: { step: Step; task: number }[],
  frame: Frame,
): Promise<void> {
  const { run } = play;
  const guard = await prepareGuard(play, node, name);
  await stage(guard, steps);
  const seconds = timeoutOf(play, node, name);
  guard.expires = Date.now() + seconds * 1000;
  await must(guard, armScript(guard.id, seconds), 'the rollback timer could not be armed');
  run.epoch.next();
  try {
    // The answer may be lost to the change itself; what became of it is asked in any case.
    const launched = await guard.shell.run(launchScript(guard.id), { ...options(guard), timeoutMs: ANSWER_MS });
    if (launched.reason === 'exit' && launched.rc !== 0)
      throw new Error(`the change could not be started: ${launched.stderr.toString('utf8').trim()}`);
    await comeBack(guard, seconds);
    await confirm(play, node, name, frame);
    await disarm(guard);
  } catch (cause) {
    await takeBack(guard, cause as Error);
  }
}

async function prepareGuard(play: PlayRun, node: Block, name: string): Promise<Guard> {
  const { run } = play;
  const scope = taskScope(play, node, name);
  const context = contextOf(play, guardTask(node), run.hosts.get(name)!, { scope });
  const shell = await shellOf(context);
  const { address } = node.guarded!;
  const newAddress = address && String(run.renderer.render(address.value, scope, address.at));
  return { id: randomBytes(6).toString('hex'), context, shell, expires: 0, ...(newAddress && { newAddress }) };
}

/** Everything the target needs to go on alone: snapshot, new files, the two scripts. */
async function stage(guard: Guard, steps: { step: Step; task: number }[]): Promise<void> {
  const dir = guardDir(guard.id);
  const files = steps.flatMap(({ step }) =>
    step.do === 'put' ? [step.file.path] : step.do === 'run' ? (step.touches ?? []) : [],
  );
  await must(guard, snapshotScript(dir, [...new Set(files)]), 'the state before the change could not be saved');
  const compiled: GuardedStep[] = [];
  for (const [i, { step, task }] of steps.entries()) {
    const staged = `${dir}/staged-${i}`;
    const text = compileStep(step, staged);
    if (text === undefined)
      throw new XrunError('E_GUARDED', `a guarded block cannot hold a step that needs the controller ('${step.do}')`);
    if (step.do === 'put') await put(guard, { path: staged, content: step.file.content });
    if (step.do === 'run' && step.script.stdin !== undefined)
      await put(guard, { path: staged, content: Buffer.from(step.script.stdin) });
    compiled.push({ task, text });
  }
  await put(guard, { path: `${dir}/rollback.sh`, content: Buffer.from(rollbackScript(guard.id, dir)) });
  await put(guard, { path: `${dir}/apply.sh`, content: Buffer.from(applyScript(dir, compiled)) });
}

/** Waits for the change to end, over log-ins that are new each time: an old session may live on a dying path. */
async function comeBack(guard: Guard, seconds: number): Promise<void> {
  const latest = guard.expires - Math.min(10_000, seconds * 200);
  let last = 'the host does not answer';
  await wait(500, guard.context.run.options.signal);
  // Patience grows: an address that is not there yet, or not any more, does not say so, and it has an alternative.
  for (
    let patience = 1500;
    Date.now() < latest && !guard.context.run.options.signal?.aborted;
    patience = Math.min(ANSWER_MS, patience * 2)
  ) {
    for (const address of guard.newAddress ? [guard.newAddress, null] : [null]) {
      const state = await ask(guard, Math.min(patience, Math.max(1000, latest - Date.now())), address).catch(
        (e: Error) => e,
      );
      if (state instanceof Error) last = state.message;
      else if (state.word.startsWith('applied')) return;
      else if (/restart/.test(state.word)) throw new Error('the host was restarted before the change was confirmed');
      else if (/^(rolled-back|rolling-back|gone)/.test(state.word))
        throw new Error(`a step of the change failed${state.log && `: ${state.log}`}`);
      else last = 'the change has not ended yet';
    }
    await wait(300, guard.context.run.options.signal);
  }
  if (guard.context.run.options.signal?.aborted) throw new Error('the run was interrupted');
  throw new Error(`could not log in afresh after the change: ${last}`);
}

/** The guard's state, over a log-in that is new; `address`: null for the host's own. */
async function ask(guard: Guard, timeoutMs: number, address: string | null): Promise<{ word: string; log: string }> {
  await guard.shell.reconnect({ timeoutMs, address });
  const outcome = await guard.shell.run(stateScript(guard.id), { ...unstoppable(guard), timeoutMs: ANSWER_MS });
  const error = outcomeError(outcome);
  if (error) throw error;
  return { word: outcome.stdout.toString('utf8').trim(), log: outcome.stderr.toString('utf8').trim() };
}

async function confirm(play: PlayRun, node: Block, name: string, frame: Frame): Promise<void> {
  const lost = await play.runList(node.guarded!.confirm, [name], { ...frame, upcoming: () => [] });
  const failure = lost.get(name);
  if (failure) throw new Error(`the confirmation failed: ${failure.message}`);
}

/** Ends the guard in favour of the change, asking again where an answer is lost: it may have been ended by then. */
async function disarm(guard: Guard): Promise<void> {
  for (let asked = 0; Date.now() < guard.expires; asked++) {
    if (asked > 0)
      await guard.shell.reconnect({ timeoutMs: Math.max(1000, guard.expires - Date.now()) }).catch(() => undefined);
    const { reason, rc } = await guard.shell.run(disarmScript(guard.id), {
      ...unstoppable(guard),
      timeoutMs: 3 * ANSWER_MS,
    });
    if (reason === 'exit' && (rc === 0 || (rc === 3 && asked > 0))) return;
    if (reason === 'exit' && rc === 3) throw new Error('the host was restarted before the change was confirmed');
    if (reason === 'exit') break;
  }
  throw new Error('the rollback timer ran out before the change was confirmed');
}

/** Rolls back at once where the host can be reached, else waits for the timer, and says how it ended. */
async function takeBack(guard: Guard, cause: Error): Promise<never> {
  // An interrupted run takes back what it has begun.
  await guard.shell
    .run(rollbackNowScript(guard.id), { ...unstoppable(guard), timeoutMs: ANSWER_MS })
    .catch(() => undefined);
  const end = Math.max(guard.expires, Date.now()) + 30_000;
  let how = 'the host does not answer; its own timer rolls it back';
  while (Date.now() < end) {
    const { word } = await ask(guard, ANSWER_MS, null).catch(() => ({ word: '' }));
    const back = word.startsWith('rolled-back');
    if (back) how = 'it was rolled back, and the host answers as before';
    if (word === 'gone')
      how = 'the host answers, but has been restarted and knows nothing of the change: files stay as they were changed';
    if (back || word === 'gone') break;
    await wait(1000);
  }
  throw new XrunError('E_GUARDED', `${cause.message}; ${how}`, {
    hint: `The log of the change is in ${guardDir(guard.id)} on the host until it restarts.`,
  });
}

function unstoppable({ context: { become } }: Guard) {
  return { ...(become && { become }) };
}

function options(guard: Guard) {
  const { signal } = guard.context.run.options;
  return { ...unstoppable(guard), ...(signal && { signal }) };
}

async function put(guard: Guard, file: { path: string; content: PutFile['content'] }): Promise<void> {
  check(await guard.shell.put({ ...file, mode: '0600' }, options(guard)), `could not stage ${file.path}`);
}

async function must(guard: Guard, script: Script, what: string): Promise<void> {
  check(await guard.shell.run(script, options(guard)), what);
}

function check(outcome: Outcome, what: string): void {
  const error = outcomeError(outcome);
  if (error) throw error;
  if (outcome.rc !== 0)
    throw new XrunError(
      'E_GUARDED',
      `${what}: ${outcome.stderr.toString('utf8').trim() || `exit status ${outcome.rc}`}; nothing was changed`,
    );
}

/** Seconds that the target waits before it rolls back. Throws E_TYPE. */
export function timeoutOf(play: PlayRun, node: Block, name: string): number {
  const { run } = play;
  return asNumber(run, 'guarded', node.guarded!.timeout, taskScope(play, node, name));
}

/** The guard as a task: the block's own keywords, `become` among them, apply to it. */
export function guardTask({
  block: _block,
  rescue: _rescue,
  always: _always,
  guarded: _guarded,
  kind: _kind,
  ...rest
}: Block): Task {
  return newTask({ ...rest, module: 'guarded' });
}
