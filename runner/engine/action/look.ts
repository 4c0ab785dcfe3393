import { XrunError } from '../../diagnostics/errors.ts';
import type { Outcome } from '../../model/transport/host-shell.ts';
import type { Decision, StepResult } from '../../model/module.ts';
import { isPlanned, onController, plannedState, shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { outcomeError, stepResult } from '../task/result.ts';
import { PROBE_DEADLINE, askWithLookahead, probeKey } from './lookahead.ts';
import type { Prepared } from './prepared-ahead.ts';

/** What was decided, and the state that it was decided by. */
export type Looked = Decision & { state?: unknown };

/** Probes (or takes the answer that came ahead) and decides. Throws E_PROBE, and what `parse` cannot read. */
export async function look(
  context: TaskContext,
  prepared: Prepared,
  how: { ahead?: boolean; applied?: boolean },
): Promise<Looked> {
  const state = await readState(context, prepared, how.ahead ?? false);
  if (state !== undefined)
    for (const secret of prepared.module.secrets?.(prepared.args, state as never) ?? [])
      context.run.secrets.add(secret);
  const decision = prepared.module.decide(prepared.args, state as never, {
    check: context.check,
    host: context.host.name,
    get controller() {
      return onController(context);
    },
    ...(how.applied && { applied: true }),
    local: prepared.local,
    planned: (resource) => plannedState(context, resource),
    claimed: (key) => context.target.claims.get(key),
  });
  return Object.assign(decision, { state });
}

async function readState(context: TaskContext, prepared: Prepared, ahead: boolean): Promise<unknown> {
  const { module, args, probe, resource } = prepared;
  if (isPlanned(context, resource)) return plannedState(context, resource!);
  if (!probe) return undefined;
  const early = ahead ? await takeAhead(context, prepared) : undefined;
  // What was sent ahead and got no answer is asked again: a probe only reads.
  const outcome = early?.reason === 'exit' ? early : await (ahead ? askWithLookahead : ask)(context, prepared);
  const error = outcomeError(outcome);
  if (error) throw error;
  const result = stepResult(outcome);
  if (result.rc !== 0 && !module.probeMayFail) throw probeError(module.name, result);
  if (!module.parse) return result;
  try {
    return module.parse(result, args);
  } catch (cause) {
    const said = result.stderr.trim();
    throw new XrunError(
      'E_PROBE',
      `unexpected output from the probe of '${module.name}': ${(cause as Error).message}`,
      { cause, ...(said && { hint: said }) },
    );
  }
}

/** A program that the probe runs is missing, failed or was killed: what it printed until then says nothing about the host. */
function probeError(name: string, { rc, stderr }: StepResult): XrunError {
  const how =
    rc > 128
      ? `was killed by signal ${rc - 128}`
      : rc === 127
        ? 'did not find a program that it needs on the host'
        : `failed with exit status ${rc}`;
  const last = stderr.trim().split('\n').slice(-3).join('\n');
  return new XrunError(
    'E_PROBE',
    `the state of the host could not be read: the probe of '${name}' ${how}${last ? `: ${last}` : ''}`,
    { hint: 'Nothing was changed.' },
  );
}

function takeAhead(context: TaskContext, prepared: Prepared): Promise<Outcome> | undefined {
  return context.target.ahead.take(probeKey(context, prepared), context.run.epoch.now);
}

async function ask(context: TaskContext, prepared: Prepared): Promise<Outcome> {
  const shell = await shellOf(context);
  const { become, timeoutMs, run } = context;
  const [outcome] = await shell.batch([prepared.probe!], {
    ...(become && { become }),
    ...(timeoutMs ? { timeoutMs } : { patienceMs: PROBE_DEADLINE }),
    ...(run.options.signal && { signal: run.options.signal }),
  });
  return outcome!;
}
