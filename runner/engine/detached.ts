import { randomInt } from 'node:crypto';
import { XrunError } from '../errors.ts';
import type { Step, StepResult } from '../modules/module.ts';
import { quote, raw } from '../shell/script.ts';
import { jobDir, jobStatus, readJob } from '../modules/async/job.ts';
import { shellOf } from './context.ts';
import type { TaskContext } from './context.ts';
import { compileStep } from './guard-script.ts';
import { placeFile } from './place-file.ts';
import { outcomeError, stepResult } from './result.ts';
import { wait } from './wait.ts';

/** A job that was started and goes on without us. */
export interface Job {
  id: string;
  /** There when the job was waited for. */
  result?: StepResult;
}

/**
 * `async`: the steps as one job of the host's own, which outlives the connection and the controller. With `poll` it is
 * waited for; without, `async_status` asks for it later, from any run. Throws E_TIMEOUT where `async` seconds pass.
 */
export async function applyDetached(context: TaskContext, steps: readonly Step[]): Promise<Job> {
  const { run, scope, task } = context;
  const seconds = Number(run.renderer.render(task.async!.value, scope, task.async!.at));
  const poll = task.poll ? Number(run.renderer.render(task.poll.value, scope, task.poll.at)) : 15;
  const id = `j${Date.now()}.${randomInt(1e9)}`;
  await start(context, id, steps, seconds);
  run.epoch.next();
  return poll > 0 ? { id, result: await follow(context, id, seconds, poll) } : { id };
}

async function start(context: TaskContext, id: string, steps: readonly Step[], seconds: number): Promise<void> {
  const shell = await shellOf(context);
  const options = { ...(context.become && { become: context.become }), env: context.env };
  const parts: string[] = [];
  const made = await shell.run(raw(`umask 077; mkdir -p ${jobDir(id)} && cd ${jobDir(id)} && pwd`), options);
  check(stepResult(made), outcomeError(made));
  const dir = made.stdout.toString('utf8').trim();
  for (const [i, step] of steps.entries()) {
    const staged = `${dir}/staged-${i}`;
    const text = compileStep(step, staged);
    if (text === undefined) throw new XrunError('E_ASYNC', `a step that needs the controller ('${step.do}') cannot run as a job of the host's`);
    const content = step.do === 'put' ? step.file.content : step.do === 'run' && step.script.stdin !== undefined ? Buffer.from(step.script.stdin) : undefined;
    if (content) {
      const put = await placeFile(shell, { path: staged, content, mode: '0600' }, options);
      check(stepResult(put), outcomeError(put));
    }
    parts.push(`( ${text}\n) || exit`);
  }
  const job = parts.join('\n');
  const launch = `cd ${quote(dir)} || exit 1
cat > job <<'XRUN_JOB_END'
${job}
XRUN_JOB_END
cat > start <<'XRUN_JOB_END'
echo $$ > pid
( sleep ${seconds}; echo timeout > state; kill -TERM -$$; sleep 2; kill -KILL -$$ ) >/dev/null 2>&1 &
watch=$!
sh ./job </dev/null >stdout 2>stderr
echo $? > rc
kill $watch 2>/dev/null
echo finished > state
XRUN_JOB_END
echo running > state
if command -v setsid >/dev/null 2>&1; then setsid sh ./start </dev/null >/dev/null 2>&1 &
else sh ./start </dev/null >/dev/null 2>&1 &
fi`;
  const started = await shell.run(raw(launch), options);
  check(stepResult(started), outcomeError(started));
}

async function follow(context: TaskContext, id: string, seconds: number, poll: number): Promise<StepResult> {
  const end = Date.now() + (seconds + poll + 5) * 1000;
  for (;;) {
    await wait(Math.min(poll * 1000, Math.max(100, end - Date.now())), context.run.options.signal);
    const shell = await shellOf(context);
    const outcome = await shell.run(jobStatus(id), context.become ? { become: context.become } : {});
    const error = outcomeError(outcome);
    if (error) throw error;
    const job = readJob(stepResult(outcome).stdout);
    if (job.state === 'finished') return { rc: job.rc, stdout: job.stdout, stderr: job.stderr };
    if (job.state !== 'running' || Date.now() > end || context.run.options.signal?.aborted) {
      throw new XrunError('E_TIMEOUT', `the job ${id} did not end within ${seconds} s and was stopped`);
    }
    context.run.emit({ type: 'retry', id: context.task.id, host: context.host.name, attempt: 1, retries: 0, why: `job ${id} is running` });
  }
}

function check(result: StepResult, error: XrunError | undefined): void {
  if (error) throw error;
  if (result.rc !== 0) throw new XrunError('E_ASYNC', `the job could not be started: ${result.stderr.trim() || `exit status ${result.rc}`}`);
}
