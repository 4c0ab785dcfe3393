import type { Include } from '../../model/playbook.ts';
import { asBoolean } from '../task/context.ts';
import { failBefore } from './failing.ts';
import { loadIncluded } from './include.ts';
import type { FailedHosts } from './frame.ts';
import { enterLoop, itemScopes, leaveLoop, pauseOf } from '../loop/loop.ts';
import { onceKey } from './once.ts';
import type { PlayRun } from './play-state.ts';
import type { Result } from '../../model/module.ts';
import { ok, skipped } from '../task/result.ts';
import { withFacts } from '../task/facts.ts';
import { taskScope } from '../task/scope.ts';
import type { Frame } from './frame.ts';
import { wait } from '../run/wait.ts';

/** What an include comes to in one turn of its loop. */
interface Iteration {
  target: string;
  tasksFrom?: string;
  /** The loop's variables. */
  names: Record<string, unknown>;
  /** Turns of a host with the same key are different ones; those of different hosts are run together. */
  key: string;
}

interface Group {
  target: string;
  tasksFrom?: string;
  hosts: Map<string, Iteration['names']>;
}

/** Hosts that mean the same file run it together, in the order in which the files first come up. */
export async function runInclude(
  play: PlayRun,
  node: Include,
  all: readonly string[],
  frame: Frame,
): Promise<FailedHosts> {
  const { run } = play;
  const lost: FailedHosts = new Map();
  const hosts = hostsOf(play, node, all, frame);
  const groups = new Map<string, Group>();
  for (const host of hosts) {
    try {
      const turns = await withFacts(play, host, () => turnsOf(play, node, host));
      if (node.register !== undefined)
        run.vars.setResult(host, node.register, resultOf(node, turns), `register at ${node.at.file}:${node.at.line}`);
      for (const { key, names, ...what } of turns) {
        const group = groups.get(key) ?? { ...what, hosts: new Map() };
        groups.set(key, { ...group, hosts: group.hosts.set(host, names) });
      }
    } catch (error) {
      const failure = failBefore(play, node, host, error, frame);
      if (failure) lost.set(host, failure);
    }
  }
  let begun = false;
  for (const group of groups.values()) {
    const now = [...group.hosts.keys()].filter((h) => !lost.has(h) && run.hosts.get(h)?.state === 'active');
    if (!now.length) continue;
    if (begun) await wait(pauseOf(run, node, taskScope(play, node, now[0]!)), run.options.signal);
    begun = true;
    for (const [host, failure] of await runGroup(play, node, group, now, frame)) lost.set(host, failure);
  }
  return lost;
}

/** What `register` keeps of an include: what it includes, not how that ends. */
function resultOf({ loop }: Include, turns: readonly Iteration[]): Result {
  if (turns.length === 0) return { ...skipped('').result, ...(loop && { results: [] }) };
  const results = turns.map(({ target, names }) => ({ changed: false, failed: false, include: target, ...names }));
  return loop
    ? { changed: false, failed: false, skipped: false, results }
    : { changed: false, failed: false, include: turns[0]!.target };
}

/** With run_once an include is for the first host only, and for no later batch; as everywhere, once a run. */
function hostsOf(play: PlayRun, node: Include, hosts: readonly string[], frame: Frame): readonly string[] {
  const { run } = play;
  const [first] = hosts;
  if (!node.runOnce || first === undefined || !asBoolean(run, node.runOnce, taskScope(play, node, first))) return hosts;
  const key = onceKey(play, node, first, frame);
  if (run.once.has(key)) return [];
  run.once.set(key, { ended: ok() });
  return [first];
}

async function runGroup(
  play: PlayRun,
  node: Include,
  group: Group,
  hosts: readonly string[],
  frame: Frame,
): Promise<FailedHosts> {
  let included;
  try {
    included = await loadIncluded(play, node, group.target, group.tasksFrom);
  } catch (error) {
    return new Map(
      hosts.flatMap((host) => {
        const failure = failBefore(play, node, host, error, frame);
        return failure ? [[host, failure]] : [];
      }),
    );
  }
  for (const host of hosts) enterLoop(play, host, group.hosts.get(host)!);
  const lost = await play.runList(included, hosts, { ...frame, upcoming: () => [] });
  for (const host of hosts) leaveLoop(play, host);
  return lost;
}

function turnsOf(play: PlayRun, node: Include, host: string): Iteration[] {
  const { run } = play;
  const scope = taskScope(play, node, host);
  const whenNow = !node.loop && node.when.length > 0;
  if (whenNow && !run.renderer.test(node.when, scope)) return [];
  const seen = new Map<string, number>();
  return itemScopes(run, node, scope).flatMap(({ scope: turn, item, names = {}, index }) => {
    if (!whenNow && node.when.length && !run.renderer.test(node.when, turn)) return [];
    const target = String(run.renderer.render(node.target.value, turn, node.target.at));
    const tasksFrom = node.tasksFrom && String(run.renderer.render(node.tasksFrom.value, turn, node.tasksFrom.at));
    const same = JSON.stringify([target, tasksFrom, item, node.loop?.indexVar && index]);
    seen.set(same, (seen.get(same) ?? 0) + 1);
    return [{ target, ...(tasksFrom && { tasksFrom }), names, key: `${same} ${seen.get(same)}` }];
  });
}
