import { randomInt } from 'node:crypto';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Step, StepResult } from '../../model/module.ts';
import type { RunOptions } from '../../model/transport/host-shell.ts';
import type { LocalFile } from '../../model/local-file.ts';
import { quote, raw } from '../../model/script.ts';
import { bytesOf, textOf } from '../../model/host-text.ts';
import { jobDir, jobStatus, readJob, startScript } from '../../modules/commands/job.ts';
import type { JobState } from '../../modules/commands/job.ts';
import { shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { compileStep } from '../guard/script.ts';
import { asNumber } from '../task/numbers.ts';
import { isUnreachable, outcomeError, stepResult } from '../task/result.ts';
import { wait } from '../run/wait.ts';

/** Milliseconds that a host may take to say how a job is. */
const ANSWER_MS = 10_000;

/** A job that was started and goes on without us. */
export interface Job {
  id: string;
  /** There when the job was waited for. */
  result?: StepResult;
}

/**
 * `async`: the steps as one job on the host, which outlives the connection and the controller. With `poll` it is
 * waited for; without, `async_status` asks for it later, from any run. Throws E_TIMEOUT where `async` seconds pass.
 * Undefined where `async` is 0: the steps are to be done as always.
 */
export async function applyDetached(context: TaskContext, steps: readonly Step[]): Promise<Job | undefined> {
  const { run, scope, task } = context;
  const seconds = task.async ? asNumber(run, 'async', task.async, scope) : 0;
  if (seconds === 0) return undefined;
  const poll = task.poll ? asNumber(run, 'poll', task.poll, scope) : 15;
  const id = `j${Date.now()}.${randomInt(1e9)}`;
  await start(context, id, steps, seconds).catch(async (error: unknown) => {
    // What was staged may hold secrets. Where the host cannot be reached a later run sweeps it away.
    await clear(context, id).catch(() => undefined);
    throw error;
  });
  run.epoch.next();
  return poll > 0 ? { id, result: await follow(context, id, seconds, poll) } : { id };
}

async function start(context: TaskContext, id: string, steps: readonly Step[], seconds: number): Promise<void> {
  const shell = await shellOf(context);
  const options = { ...within(context, context.timeoutMs), env: context.env };
  const parts: string[] = [];
  const made = await shell.run(raw(`umask 077; mkdir -p ${jobDir(id)} && cd ${jobDir(id)} || exit; pwd`), options);
  check(stepResult(made), outcomeError(made));
  const dir = textOf(made.stdout).replace(/\n$/, '');
  const stage = async (path: string, content: Buffer | LocalFile) => {
    const put = await shell.put({ path, content, mode: '0600' }, options);
    check(stepResult(put), outcomeError(put));
  };
  for (const [i, step] of steps.entries()) {
    const staged = `${dir}/staged-${i}`;
    const text = compileStep(step, staged);
    if (text === undefined)
      throw new XrunError('E_ASYNC', `a step that needs the controller ('${step.do}') cannot run as a job on the host`);
    const content =
      step.do === 'put'
        ? step.file.content
        : step.do === 'run' && step.script.stdin !== undefined
          ? Buffer.from(step.script.stdin)
          : undefined;
    if (content) await stage(staged, content);
    parts.push(`( ${text}\n) || exit`);
  }
  // Staged like a file: no text of a task is among the commands that start it.
  await stage(`${dir}/job`, bytesOf(parts.join('\n')));
  const launch = `cd ${quote(dir)} || exit 1
printf '%s\\n' ${quote(startScript(seconds))} > start || exit 1
echo running > state
if command -v setsid >/dev/null 2>&1; then setsid sh ./start </dev/null >/dev/null 2>&1 &
else sh ./start </dev/null >/dev/null 2>&1 &
fi`;
  const started = await shell.run(raw(launch), options);
  check(stepResult(started), outcomeError(started));
}

/**
 * Waits for the job. A connection that is lost meanwhile, or a shell that hangs, does no harm: asking is repeated
 * over a new one until the job must have ended. Throws E_TIMEOUT, E_INTERRUPTED, or E_LOST where the host stays away.
 */
async function follow(context: TaskContext, id: string, seconds: number, poll: number): Promise<StepResult> {
  const { run } = context;
  const end = Date.now() + (seconds + poll + 5) * 1000;
  for (let attempt = 1; ; attempt++) {
    await wait(Math.min(poll * 1000, Math.max(100, end - Date.now())), run.options.signal);
    if (run.options.signal?.aborted)
      throw new XrunError('E_INTERRUPTED', `no longer waited for; the job ${id} goes on on its host`, {
        hint: `\`async_status: {jid: ${id}}\` asks for it.`,
      });
    const asked = await ask(context, id, Math.min(ANSWER_MS, Math.max(1000, end - Date.now()))).catch(
      (error: unknown) => (error instanceof XrunError ? error : Promise.reject(error)),
    );
    if (asked instanceof XrunError) {
      if (!isUnreachable(asked.code) && asked.code !== 'E_TIMEOUT') throw asked;
      if (Date.now() > end)
        throw new XrunError(
          asked.code === 'E_TIMEOUT' ? asked.code : 'E_LOST',
          `the job ${id} can no longer be asked for: ${asked.message}`,
          { hint: `\`async_status: {jid: ${id}}\` asks for it when the host is back.` },
        );
    } else if (asked.state === 'finished') {
      await clear(context, id);
      return { rc: asked.rc, stdout: asked.stdout, stderr: asked.stderr };
    } else if (asked.state !== 'running' || Date.now() > end) {
      throw new XrunError('E_TIMEOUT', `the job ${id} did not end within ${seconds} s and was stopped`);
    }
    const why = asked instanceof XrunError ? `job ${id} cannot be asked for: ${asked.message}` : `job ${id} is running`;
    run.emit({ type: 'retry', id: context.task.id, host: context.host.name, attempt, retries: 0, why });
  }
}

async function ask(context: TaskContext, id: string, timeoutMs: number): Promise<JobState> {
  const shell = await shellOf(context);
  const outcome = await shell.run(jobStatus(id), within(context, timeoutMs));
  const error = outcomeError(outcome);
  if (error) throw error;
  const { rc, stdout, stderr } = stepResult(outcome);
  try {
    return readJob(stdout);
  } catch (cause) {
    const why = (rc !== 0 && stderr.trim()) || (cause as Error).message;
    throw new XrunError('E_ASYNC', `the job ${id} cannot be read: ${why}`, {
      hint: `It goes on; \`async_status: {jid: ${id}}\` asks for it.`,
    });
  }
}

/** A job whose end was waited for is not asked for again. */
async function clear(context: TaskContext, id: string): Promise<void> {
  const shell = await shellOf(context);
  await shell.run(raw(`rm -rf -- ${jobDir(id)}`), within(context, ANSWER_MS));
}

/** As the task's user; without a deadline where there is none. */
function within({ become }: TaskContext, timeoutMs: number | undefined): Pick<RunOptions, 'become' | 'timeoutMs'> {
  return { ...(become && { become }), ...(timeoutMs && { timeoutMs }) };
}

function check(result: StepResult, error: XrunError | undefined): void {
  if (error) throw error;
  if (result.rc !== 0)
    throw new XrunError(
      'E_ASYNC',
      `the job could not be started: ${result.stderr.trim() || `exit status ${result.rc}`}`,
    );
}
