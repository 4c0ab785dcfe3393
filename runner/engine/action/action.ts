import { XrunError } from '../../diagnostics/errors.ts';
import type { Decision, Result, Step } from '../../model/module.ts';
import { unknownIn } from '../../language/values/unknown.ts';
import { apply, joined, StepFailed } from './apply.ts';
import { applyDetached } from './detached.ts';
import { forgetPlans } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { look } from './look.ts';
import type { Looked } from './look.ts';
import type { Prepared } from './prepared-ahead.ts';
import { backedUp, changed, dependsOnUnknown, failed, failureOf, midway, ok, unknown } from '../task/result.ts';
import type { TaskResult } from '../task/result.ts';
import { intend } from '../play/notify.ts';
import { wait } from '../run/wait.ts';

/** One module call: probe, decide and, unless this is a check, apply and prove. Throws only XrunErrors and bugs. */
export async function act(context: TaskContext, prepared: Prepared): Promise<TaskResult> {
  const began = Date.now();
  await delayed(context, prepared);
  const first = await look(context, prepared, { ahead: true });
  const decision = first.kind === 'wait' ? await waitFor(context, prepared, first, began) : first;
  if (prepared.probe && decision.kind === 'ok') context.target.ahead.widen();
  else if (prepared.probe && !context.check) context.target.ahead.narrow();
  if ('steps' in decision && decision.steps && (!context.asks || context.run.check))
    for (const step of decision.steps) context.target.collected?.push(step);
  // A task with `check_mode: true` in a real run does nothing that others would have to respect.
  if ('claims' in decision && context.check === context.run.check)
    for (const [key, value] of Object.entries(decision.claims ?? {})) context.target.claims.set(key, value);
  switch (decision.kind) {
    case 'ok':
      return accept(
        context,
        decision.steps && !context.check ? await carriedOut(context, prepared, decision) : decision,
      );
    case 'fail':
      if (prepared.probe && mayBeDifferent(context)) return unforeseen(context, decision.message);
      return failed(
        {
          code: 'E_REFUSED',
          message: decision.message,
          at: context.task.at,
          ...(decision.hint && { hint: decision.hint }),
        },
        decision.result,
      );
    case 'wait':
      return waited(context, decision);
    case 'unknown':
      // What is done in a guarded block is what was decided before it: here, nothing.
      if (context.target.collected && !context.asks && decision.steps.length === 0)
        return failed({
          code: 'E_GUARDED',
          message: `what is to be done cannot be decided before the guarded block begins: ${decision.why}`,
          at: context.task.at,
        });
      return context.check
        ? { ...unknown(decision.why, decision.result), acts: true }
        : carryOut(context, prepared, decision.steps, decision);
    case 'change':
      return context.check ? plan(context, prepared, decision) : carryOut(context, prepared, decision.steps, decision);
  }
}

/** In a check: an earlier task that it cannot foresee may bring the host into another state before this one runs. */
export function mayBeDifferent({ run, target }: TaskContext): boolean {
  return run.check && target.unforeseen !== undefined;
}

/** What a failure comes to where {@link mayBeDifferent}. */
export function unforeseen({ target }: TaskContext, message: string): TaskResult {
  return {
    ...unknown(
      `now it would fail: ${message}; but the task '${target.unforeseen}' before it, of which a check cannot know what it does, may change that`,
    ),
    acts: true,
  };
}

/** The same decision with what its steps found; they change nothing. */
async function carriedOut(
  context: TaskContext,
  prepared: Prepared,
  decision: Extract<Looked, { kind: 'ok' }>,
): Promise<Extract<Looked, { kind: 'ok' }>> {
  const done = await apply(context, decision.steps ?? []);
  return {
    ...decision,
    result: { ...decision.result, ...prepared.module.result?.(prepared.args, done, decision.state as never) },
  };
}

function accept(context: TaskContext, decision: Extract<Decision, { kind: 'ok' }>): TaskResult {
  const { run, host, target, task } = context;
  if (decision.vars) {
    const owner = task.delegateFacts ? target.name : host.name;
    for (const [name, value] of Object.entries(decision.vars))
      run.vars.setResult(owner, name, value, `${task.module} at ${task.at.file}:${task.at.line}`);
  }
  if (task.traits.changesVariables === 'facts') {
    run.vars.setFacts(
      task.delegateFacts ? target.name : host.name,
      (decision.result?.ansible_facts ?? {}) as Record<string, unknown>,
    );
  }
  if (task.traits.addsFacts) addFacts(context, (decision.result?.ansible_facts ?? {}) as Record<string, unknown>);
  if (decision.inventory) {
    run.inventory.add(decision.inventory.host, decision.inventory.groups, decision.inventory.vars);
    run.vars.changed();
  }
  const unsure = unknownIn(decision.vars);
  if (unsure)
    return { ...dependsOnUnknown(unsure.why), result: { unknown: true, changed: false, ansible_facts: decision.vars } };
  const matrix = decision.matrix;
  return {
    ...ok({ ...decision.result, ...(decision.vars && { ansible_facts: decision.vars }) }, decision.message),
    ...(matrix && { matrix }),
  };
}

function addFacts({ run, host, target, task }: TaskContext, facts: Record<string, unknown>): void {
  const owner = task.delegateFacts ? target.name : host.name;
  run.vars.addFacts(owner, facts);
  for (const [name, value] of Object.entries(facts))
    run.vars.setResult(owner, name, value, `${task.module} at ${task.at.file}:${task.at.line}`);
}

/** In check mode: what would change, remembered for later tasks. */
function plan(context: TaskContext, prepared: Prepared, decision: Extract<Decision, { kind: 'change' }>): TaskResult {
  // What only asks inside of a guarded block is not carried out with the rest of it.
  if (context.asks && context.target.collected && !context.run.check) return changed(decision.diff, decision.result);
  if (prepared.resource !== undefined && decision.after !== undefined)
    context.target.planned.set(prepared.resource, decision.after);
  for (const [resource, state] of Object.entries(decision.plans ?? {})) context.target.planned.set(resource, state);
  return { ...changed(decision.diff, decision.result), planned: true };
}

async function carryOut(
  context: TaskContext,
  prepared: Prepared,
  steps: readonly Step[],
  decision: Extract<Looked, { kind: 'change' | 'unknown' }>,
): Promise<TaskResult> {
  const diff = decision.kind === 'change' ? decision.diff : undefined;
  forgetPlans(context);
  await intend(context.play, context.task, context.host, context.scope);
  try {
    const job = await applyDetached(context, steps);
    if (job && !job.result) return changed(diff, { ansible_job_id: job.id, started: 1, finished: 0 });
    const done = job?.result ? [job.result] : await apply(context, prepared.module.result ? steps : joined(steps));
    const own = prepared.module.result?.(prepared.args, done, decision.state as never) ?? {};
    const proved =
      prepared.module.prove && decision.kind === 'change'
        ? await prove(context, prepared).catch((error: unknown) => Promise.reject(midway(error)))
        : {};
    const result: Result = { ...decision.result, ...own, ...proved, ...backedUp(prepared.args, done) };
    if (result.failed !== true) return result.changed === false ? ok(result) : changed(diff, result);
    return { ...failed(commandFailure(context, result), { ...result, changed: true }), ...(diff && { diff }) };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const { rc, stdout, stderr } = error.outcome;
    return {
      ...failed({ ...failureOf(error, context.task.at), rc, stdout, stderr }, { rc, stdout, stderr, changed: true }),
      ...(diff && { diff }),
    };
  }
}

function commandFailure(context: TaskContext, result: Result) {
  const { rc, stdout, stderr, msg } = result;
  return {
    code: 'E_COMMAND',
    message: `${typeof msg === 'string' ? msg : 'the command failed'}${typeof rc === 'number' ? `: ${rc}` : ''}`,
    at: context.task.at,
    ...(typeof rc === 'number' && { rc }),
    ...(typeof stdout === 'string' && { stdout }),
    ...(typeof stderr === 'string' && { stderr }),
  };
}

/** Looks again after the steps, until all is as wanted. Returns the result of the last look. */
async function prove(context: TaskContext, prepared: Prepared): Promise<Result> {
  const terms = prepared.module.prove === true ? { timeout: 0, interval: 1 } : prepared.module.prove!;
  const began = Date.now();
  for (;;) {
    const decision = await look(context, prepared, { applied: true });
    // What the decision itself waits for may be given more or less time by the arguments.
    const timeout = decision.kind === 'wait' ? decision.timeout : terms.timeout;
    if (decision.kind === 'ok') return decision.result ?? {};
    if (decision.kind === 'fail')
      throw new XrunError(
        'E_NOT_CONVERGED',
        `after the change: ${decision.message}`,
        decision.hint ? { hint: decision.hint } : {},
      );
    if (Date.now() >= began + timeout * 1000 || context.run.options.signal?.aborted)
      throw notConverged(context, decision, timeout);
    await wait(terms.interval * 1000, context.run.options.signal);
  }
}

function notConverged({ task }: TaskContext, decision: Decision, seconds: number): XrunError {
  const what =
    decision.kind === 'change'
      ? task.diff !== undefined && task.diff.value !== true
        ? decision.diff.map((d) => d.what).join(', ')
        : decision.diff.map((d) => `${d.what} is ${d.before ?? 'absent'}, expected ${d.after ?? 'absent'}`).join('; ')
      : 'why' in decision
        ? decision.why
        : '';
  const time = seconds ? ` within ${seconds} s` : '';
  return new XrunError(
    'E_NOT_CONVERGED',
    `the commands ran, but the host is not in the expected state${time}: ${what}`,
  );
}

/** Lets the time pass that the module asks for before its first probe; what was asked ahead no longer counts then. */
async function delayed(context: TaskContext, { module, args }: Prepared): Promise<void> {
  const seconds = context.check ? 0 : (module.delay?.(args as never) ?? 0);
  if (seconds === 0) return;
  await wait(seconds * 1000, context.run.options.signal);
  context.run.epoch.next();
}

/** Probes again and again until the module no longer waits. In check mode nothing is waited for. */
async function waitFor(
  context: TaskContext,
  prepared: Prepared,
  first: Extract<Looked, { kind: 'wait' }>,
  began: number,
): Promise<Looked> {
  if (context.check) return first;
  const end = began + first.timeout * 1000;
  let decision: Looked = first;
  while (decision.kind === 'wait' && Date.now() < end && !context.run.options.signal?.aborted) {
    await wait(Math.min(decision.interval * 1000, Math.max(0, end - Date.now())), context.run.options.signal);
    context.run.epoch.next();
    decision = await look(context, prepared, {});
  }
  return decision;
}

function waited(context: TaskContext, decision: Extract<Decision, { kind: 'wait' }>): TaskResult {
  if (context.check) return unknown(`${decision.why}; a check does not wait`);
  return failed({
    code: 'E_WAIT',
    message: decision.message ?? `timed out after ${decision.timeout} s: ${decision.why}`,
    at: context.task.at,
  });
}
