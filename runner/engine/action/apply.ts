import { StringDecoder } from 'node:string_decoder';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Step, StepResult } from '../../model/module.ts';
import type { HostShell, Outcome, PutFile } from '../../model/transport/host-shell.ts';
import { INLINE } from '../../connection/files/put-file.ts';
import { inTurn } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { ask } from './ask.ts';
import { shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { interrupted } from '../task/result.ts';
import { longOutput } from '../run/long-output.ts';
import { atPace } from './pace.ts';
import { midway, outcomeError, stepResult } from '../task/result.ts';
import { saveFile } from './save-file.ts';
import { stateDirectories } from '../run/state-dir.ts';
import { wait } from '../run/wait.ts';

/** A step that failed: the steps before it have run. */
export class StepFailed extends XrunError {
  readonly outcome: StepResult;
  constructor(message: string, outcome: StepResult) {
    super('E_COMMAND', message);
    this.outcome = outcome;
  }
}

/** Runs the steps of a change in order. Throws {@link StepFailed}, or E_LOST, E_TIMEOUT, E_INTERRUPTED. */
export async function apply(context: TaskContext, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    context.run.epoch.next();
    try {
      results.push(await applyStep(context, step));
    } catch (error) {
      // Whether a host comes back is what a step to reconnect is about.
      throw results.length > 0 && step.do !== 'reconnect' ? midway(error) : error;
    }
  }
  context.run.epoch.next();
  return results;
}

/** Steps whose own output is not asked for: neighbouring plain commands take one round trip together. */
export function joined(steps: readonly Step[]): Step[] {
  const next = steps.findIndex((step) => !isPlain(step));
  const plain = (next === -1 ? steps : steps.slice(0, next)).filter(isPlain);
  const first: Step[] = plain.length > 1 ? [{ do: 'run', script: inTurn(plain.map(({ script }) => script)) }] : plain;
  return next === -1 ? first : [...first, steps[next]!, ...joined(steps.slice(next + 1))];
}

function isPlain(step: Step): step is Extract<Step, { do: 'run' }> {
  return (
    step.do === 'run' && !step.theirs && !step.mayLose && step.cwd === undefined && step.script.stdin === undefined
  );
}

const DONE: StepResult = { rc: 0, stdout: '', stderr: '' };

async function applyStep(context: TaskContext, step: Step): Promise<StepResult> {
  switch (step.do) {
    case 'run':
      return runStep(context, await shellOf(context), step);
    case 'put':
      return strict(await send(context, await shellOf(context), step.file), `could not write ${step.file.path}`);
    case 'get': {
      const shell = await shellOf(context);
      await saveFile(context, step, (into, tooLong) => bring(context, shell, step.path, into, tooLong));
      return DONE;
    }
    case 'ask':
      return { ...DONE, stdout: await ask(context, step) };
    case 'sleep':
      await wait(step.seconds * 1000, context.run.options.signal);
      return DONE;
    case 'reconnect':
      return { ...DONE, elapsed: await reconnect(context, step.timeout, step.until) };
  }
}

/** Milliseconds between two words on how far a file has come. */
const REPORT_EVERY = 500;

/** Puts a file. What is small goes with the script that places it, in one piece. */
async function send(context: TaskContext, shell: HostShell, file: PutFile): Promise<Outcome> {
  const report = sending(context, file);
  const size = sizeOf(file);
  let so = 0;
  if (size <= INLINE) return shell.put(file, common(context));
  return atPace(file.path, async ({ moved, complete, signal }) => {
    const onSent = (sent: number): void => {
      moved(sent - so);
      so = sent;
      if (sent >= size) complete();
      report(sent);
    };
    const outcome = await shell.put(file, {
      ...common(context),
      signal: either(signal, context.run.options.signal),
      onSent,
    });
    if (signal.aborted) throw signal.reason;
    return outcome;
  });
}

function bring(
  context: TaskContext,
  shell: HostShell,
  path: string,
  into: (chunk: Buffer) => void,
  tooLong: AbortSignal,
): Promise<void> {
  return atPace(path, async ({ moved, signal }) => {
    const take = (chunk: Buffer): void => {
      moved(chunk.length);
      into(chunk);
    };
    const stop = AbortSignal.any([tooLong, either(signal, context.run.options.signal)]);
    readWhole(await shell.get(path, take, { ...common(context), signal: stop }), path);
  });
}

function sizeOf({ content }: PutFile): number {
  return Buffer.isBuffer(content) ? content.length : content.size;
}

function sending({ run, task, host }: TaskContext, file: PutFile): (sent: number) => void {
  const size = sizeOf(file);
  let next = Date.now() + REPORT_EVERY;
  return (sent) => {
    if (Date.now() < next) return;
    next = Date.now() + REPORT_EVERY;
    run.emit({ type: 'sending', id: task.id, host: host.name, sent, size });
  };
}

/**
 * Milliseconds that a command of xrun's own may take where the task has no timeout: longer than any upgrade, so that only what hangs for
 * ever meets it. Commands of users have no such end.
 */
const STEP_DEADLINE = 6 * 3_600_000;

async function runStep(
  context: TaskContext,
  shell: HostShell,
  step: Extract<Step, { do: 'run' }>,
): Promise<StepResult> {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const outcome = await shell.run(step.script, {
    ...common(context),
    env: context.env,
    ...(!step.theirs && !context.timeoutMs && { patienceMs: STEP_DEADLINE }),
    ...(step.cwd && { cwd: step.cwd }),
    ...(step.theirs && {
      trust: 'theirs' as const,
      onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => output(context, stream, decoders[stream].write(chunk)),
      overflow: (stream: 'stdout' | 'stderr') =>
        context.noLog
          ? undefined
          : longOutput(stateDirectories(context.run.options), `${context.host.name}.${stream}`, context.run.secrets),
    }),
  });
  if (step.mayLose && outcome.reason === 'lost') return { rc: 0, stdout: '', stderr: '' };
  if (!step.theirs) return strict(outcome, 'a command of this task failed');
  const error = outcomeError(outcome);
  if (error) throw error;
  return stepResult(outcome);
}

function output(context: TaskContext, stream: 'stdout' | 'stderr', text: string): void {
  if (text && !context.noLog)
    context.run.emit({ type: 'output', id: context.task.id, host: context.host.name, stream, text });
}

/** The outcome, if the script exited with 0. */
function strict(outcome: Outcome, what: string): StepResult {
  const error = outcomeError(outcome);
  if (error) throw error;
  const result = stepResult(outcome);
  if (result.rc === 0) return result;
  const last = result.stderr.trim() || result.stdout.trim();
  throw new StepFailed(
    `${what} with exit status ${result.rc}${last ? `: ${last.split('\n').slice(-3).join('\n')}` : ''}`,
    result,
  );
}

function either(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([one, other]) : one;
}

/** Throws where a file did not come as a whole. */
function readWhole(outcome: Outcome, path: string): void {
  const error = outcomeError(outcome);
  if (error) throw error;
  if (outcome.rc !== 0)
    throw new XrunError('E_REMOTE_FILE', `cannot read ${path}: ${outcome.stderr.toString('utf8').trim()}`);
}

function common(context: TaskContext) {
  const { become, timeoutMs, run } = context;
  return {
    ...(become && { become }),
    ...(timeoutMs && { timeoutMs }),
    ...(run.options.signal && { signal: run.options.signal }),
  };
}

/** Logs in afresh until `until` exits with 0 or the time is up; resolves with the seconds it took. */
async function reconnect(context: TaskContext, seconds: number, until?: Script): Promise<number> {
  const { signal } = context.run.options;
  const began = Date.now();
  const end = began + seconds * 1000;
  let why = '';
  while (Date.now() < end && !signal?.aborted) {
    try {
      const shell = await shellOf(context);
      await shell.reconnect({ timeoutMs: Math.max(1000, end - Date.now()), ...(signal && { signal }) });
      // What it asks may wait for the boot to end.
      const outcome =
        until && (await shell.run(until, { ...common(context), timeoutMs: Math.max(10_000, end - Date.now()) }));
      if (!outcome || outcome.rc === 0) return (Date.now() - began) / 1000;
      why = outcome.message ?? outcome.stderr.toString('utf8').trim();
    } catch (error) {
      // A try that the deadline has cut short says less than the one before.
      if (why === '' || Date.now() < end) why = (error as Error).message;
    }
    await wait(1000, signal);
  }
  if (signal?.aborted) throw interrupted();
  throw new XrunError(
    'E_UNREACHABLE',
    `${context.target.name} did not come back within ${seconds} s${why ? `: ${why}` : ''}`,
  );
}
