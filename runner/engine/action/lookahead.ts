import { namedByTemplates } from '../../playbook/keywords/arguments.ts';
import type { Task, TaskNode } from '../../model/playbook.ts';
import type { Outcome } from '../../model/transport/host-shell.ts';
import type { Script } from '../../model/script.ts';
import { contextOf, isPlanned, plannedState, shellOf } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { itemScopes } from '../loop/loop.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepared-ahead.ts';
import { taskScope } from '../task/scope.ts';

/** Probes that one round trip carries at most, loops included. */
const MOST = 256;

/** Milliseconds that a probe may take where its task has no `timeout`: a host that is stuck holds up no others. */
export const PROBE_DEADLINE = 15 * 60_000;

/** What makes two probes the same question: who asks, the text, and what it reads. */
export function probeKey(context: TaskContext, prepared: Prepared): string {
  return `${context.login?.key ?? ''} ${context.become?.method ?? ''} ${context.become?.user ?? ''}\n${prepared.probe?.text ?? ''}\n${prepared.probe?.stdin?.toString() ?? ''}`;
}

/**
 * Sends the probe, and with it those of tasks to come whose arguments are known by now. Their answers wait in the
 * host's `ahead`, good only as long as nothing changes: see Epoch.
 */
export async function askWithLookahead(context: TaskContext, prepared: Prepared): Promise<Outcome> {
  const shell = await shellOf(context);
  const { become, timeoutMs, run, target } = context;
  const options = { ...(become && { become }), ...(run.options.signal && { signal: run.options.signal }) };
  const more = timeoutMs ? [] : await collect(context, probeKey(context, prepared));
  const outcomes = shell.batch([prepared.probe as Script, ...more.map((m) => m.probe)], {
    ...options,
    ...(timeoutMs ? { timeoutMs } : { patienceMs: PROBE_DEADLINE }),
  });
  const epoch = run.epoch.now;
  more.forEach(({ key }, i) =>
    target.ahead.put(
      key,
      epoch,
      outcomes.then((all) => all[i + 1] as Outcome),
    ),
  );
  return (await outcomes)[0] as Outcome;
}

interface Question {
  key: string;
  probe: Script;
}

async function collect(context: TaskContext, own: string): Promise<Question[]> {
  const questions = new Map<string, Script>();
  const undecided = new Set<string>(context.task.register ? [context.task.register] : []);
  let left = context.target.ahead.window;
  for (const task of context.upcoming()) {
    if (left-- <= 0 || questions.size >= MOST || stopsLookahead(task)) break;
    if (task !== context.task && dependsOn(context, task, undecided)) {
      note(task, undecided);
      continue;
    }
    const asked = await questionsOf(context, task);
    if (asked === 'acts') break;
    for (const { key, probe } of asked) if (key !== own) questions.set(key, probe);
    if (task !== context.task) note(task, undecided);
  }
  return [...questions].map(([key, probe]) => ({ key, probe }));
}

/**
 * The probes of one later task on this host; none where anything about it is not known yet. `acts`: it will act whatever
 * the host is like, as a command without a guard does, so that an answer to what comes after it would not outlive it.
 */
async function questionsOf(context: TaskContext, task: Task): Promise<Question[] | 'acts'> {
  const { run, play, host } = context;
  const questions: Question[] = [];
  try {
    for (const turn of itemScopes(run, task, taskScope(play, task, host.name))) {
      if (task.when.length && !run.renderer.test(task.when, turn.scope)) continue;
      const later = contextOf(play, task, host, turn);
      if (
        later.target !== context.target ||
        later.local !== context.local ||
        later.login?.key !== context.login?.key ||
        later.timeoutMs
      )
        continue;
      if ((later.become?.user ?? '') !== (context.become?.user ?? '')) continue;
      const prepared = await host.prepared.keep(later, prepare);
      const { probe, resource } = prepared;
      if (!probe && !later.check && acts(prepared, later)) return 'acts';
      if (!probe || prepared.module.fresh || isPlanned(later, resource)) continue;
      questions.push({ key: probeKey(later, prepared), probe });
    }
  } catch {
    // Whatever is wrong with a later task is reported by that task, when its turn comes.
    return [];
  }
  return questions;
}

/** What a module without a probe decides hangs on its arguments alone. */
function acts({ module, args, local }: Prepared, context: TaskContext): boolean {
  const { check, host } = context;
  const decision = module.decide(args, undefined as never, {
    check,
    host: host.name,
    local,
    planned: (resource) => plannedState(context, resource),
    claimed: (key) => context.target.claims.get(key),
  });
  return decision.kind === 'unknown' || decision.kind === 'change';
}

/** Names that a task will give a value to when it runs. */
function note(task: Task, undecided: Set<string>): void {
  if (task.register) undecided.add(task.register);
  if (task.traits.changesVariables === 'arguments') for (const name of Object.keys(task.args)) undecided.add(name);
}

/** A task whose values hang on what an earlier, still undecided one leaves, or on other hosts. */
function dependsOn(context: TaskContext, task: Task, undecided: Set<string>): boolean {
  if (task.delegateTo || task.runOnce || task.async) return true;
  const reads = readsOf(context, task);
  return reads.has('hostvars') || reads.has('vars') || reads.has('*') || [...undecided].some((name) => reads.has(name));
}

const reading = new WeakMap<Task, ReadonlySet<string>>();

/** Every name a task's texts read; worked out once a task. */
export function readsOf(context: Pick<TaskContext, 'run'>, task: Task): ReadonlySet<string> {
  let reads = reading.get(task);
  if (!reads) {
    const { renderer } = context.run;
    const texts = [
      task.args,
      task.loop?.items.value,
      ...task.vars.map((l) => l.vars),
      ...task.environment.map((e) => e.value),
    ];
    const conditions = [
      ...task.when,
      ...task.changedWhen,
      ...task.failedWhen,
      ...(task.until ?? []),
      ...(task.judged ?? []),
    ];
    reads = new Set([
      ...texts.flatMap((t) => [...renderer.reads(t)]),
      ...conditions.flatMap((c) => [...renderer.reads(c)]),
    ]);
    reading.set(task, reads);
  }
  return reads;
}

/** Tasks after which nothing can be foreseen. */
function stopsLookahead(task: Task): boolean {
  const { opaque, controlsFlow, changesVariables, addsFacts } = task.traits;
  return (
    namedByTemplates(task) ||
    addsFacts !== undefined ||
    (opaque ?? controlsFlow ?? (changesVariables !== undefined && changesVariables !== 'arguments'))
  );
}

/** The tasks of a list in order, blocks opened; it ends where the list is not known before it runs. */
export function* flatten(nodes: readonly TaskNode[]): Generator<Task> {
  for (const node of nodes) {
    if (node.kind === 'task') yield node;
    else if (node.kind === 'block' && node.unlessRan) continue;
    else if (node.kind === 'include' || node.loop || node.guarded) return;
    else yield* flatten(node.block);
  }
}
