import type { Play, TaskNode, VarsLayer } from '../../model/playbook.ts';
import { sharding } from '../../inventory/selection/shard.ts';
import { expandLimit, noHosts, selectHosts } from '../../inventory/selection/select.ts';
import { gatherFacts } from '../task/facts.ts';
import { flushHandlers } from './flush.ts';
import { HostRun } from '../task/host-run.ts';
import { runList } from './list.ts';
import type { FailedHosts } from './frame.ts';
import { asNumber, asWord } from '../task/numbers.ts';
import type { PlayRun } from './play-state.ts';
import { readPlayVars } from './play-vars.ts';
import { Limiter } from '../../model/limiter.ts';
import { failureOf, isUnreachable } from '../task/result.ts';
import { count, hostRun } from '../run/run-state.ts';
import type { Run } from '../run/run-state.ts';
import { layersOf, playScope } from '../task/scope.ts';
import { batches } from './serial.ts';
import { nameOf } from '../task/task-ref.ts';
import type { Frame } from './frame.ts';

/** Runs one play on the hosts it means. Throws E_HOSTS where it means none, unless it says `allow_empty`. */
export async function runPlay(run: Run, play: Play): Promise<void> {
  const all = hostsOf(run, play);
  const hosts = all.filter((h) => hostRun(run, h, (n) => new HostRun(n)).state === 'active');
  for (const host of hosts) run.hosts.get(host)!.state = 'active';
  const tasks = countTasks([...play.preTasks, ...play.tasks, ...play.postTasks]);
  run.emit({ type: 'play_start', play: shownName(run, play), at: play.at, hosts, tasks });
  if (!hosts.length) return;
  let now = hosts;
  let down: ReadonlySet<string> = new Set();
  // As in Ansible, end_host counts for the batch of the host.
  const gone = (host: string) =>
    down.has(host) || isDown(run, host) || (now.includes(host) && run.hosts.get(host)!.state === 'ended');
  const alive = (names: readonly string[]) => names.filter((host) => !gone(host));
  run.vars.startPlay({
    ...layersOf(play),
    all,
    hosts: () => alive(hosts),
    batch: () => alive(now),
  });
  await readPlayVars(run, play, hosts);
  const roleDefaults: VarsLayer[] = [];
  const mostFailed =
    play.maxFailPercentage &&
    asNumber(run, 'max_fail_percentage', play.maxFailPercentage, run.vars.scopeFor('localhost'));
  for (const batch of batches(run, play, hosts)) {
    now = batch;
    const state: PlayRun = {
      run,
      runList: (nodes, to, frame) => runList(state, nodes, to, frame),
      play,
      cwd: run.options.cwd,
      hosts,
      batch,
      loopVars: new Map(),
      roleDefaults,
      down: new Set(),
      cleared: new Set(),
      handlersFailed: new Set(),
      rolesRun: new Set(),
      flushes: 0,
      ended: false,
      ...(mostFailed !== undefined && { mostFailed }),
    };
    down = state.down;
    await runBatch(state);
    if (state.aborted) {
      run.emit({ type: 'warning', message: `the play '${play.name}' ends early: ${state.aborted}` });
      run.fatal = state.aborted;
    }
    if (batch.every((h) => isDown(run, h)))
      run.fatal ??= `no host of the play '${play.name}' is left${play.serial ? ' in this batch' : ''}`;
    if (run.fatal || state.endsPlay || run.stopping()) break;
  }
  for (const host of hosts) if (run.hosts.get(host)!.state === 'ended') run.hosts.get(host)!.state = 'active';
}

/** Tasks that are known before the play runs: those of files that are included are not, and a rescue may never run. */
function countTasks(nodes: readonly TaskNode[]): number {
  return nodes.reduce(
    (sum, node) =>
      sum + (node.kind === 'block' ? countTasks([...node.block, ...node.always]) : node.kind === 'task' ? 1 : 0),
    0,
  );
}

/** A name whose templates need hosts stays as it is written. */
function shownName(run: Run, play: Play): string {
  if (!play.name.includes('{{')) return play.name;
  try {
    return run.secrets.redact(String(run.renderer.render(play.name, run.vars.scopeFor('localhost'))));
  } catch {
    return play.name;
  }
}

/** The hosts a play means, in its order, narrowed by --limit. */
export function hostsOf(run: Run, play: Play): string[] {
  const pattern = run.renderer.render(play.hosts.value, playScope(run, play), play.hosts.at);
  const text = Array.isArray(pattern) ? pattern.join(',') : String(pattern);
  let hosts = selectHosts(text, run.inventory, { at: play.hosts.at, allowEmpty: true });
  if (hosts.length === 0 && !play.allowEmpty)
    throw noHosts(text, run.inventory, { at: play.hosts.at, allowable: true });
  if (run.options.limit !== undefined) {
    const limit = new Set(selectHosts(expandLimit(run.options.limit, run.options.cwd), run.inventory));
    hosts = hosts.filter((h) => limit.has(h));
  }
  const { shard } = run.options;
  if (shard) {
    const of = sharding(shard, run.inventory);
    hosts = hosts.filter((h) => of(h) === shard.number);
  }
  return ordered(hosts, play.order ? asWord(run, 'order', play.order, playScope(run, play)) : 'inventory');
}

function ordered(hosts: string[], order: string): string[] {
  switch (order) {
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort();
    case 'reverse_sorted':
      return [...hosts].sort().reverse();
    case 'shuffle':
      return hosts
        .map((host) => ({ host, at: Math.random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ host }) => host);
    default:
      return hosts;
  }
}

async function runBatch(play: PlayRun): Promise<void> {
  const { run } = play;
  run.handlers.begin(
    play.play.handlers,
    (handler, host) => nameOf(play, handler, [host]),
    run.journal.owedBefore(play.play.name, play.batch),
  );
  const strategy = play.play.strategy
    ? asWord(run, 'strategy', play.play.strategy, run.vars.scopeFor('localhost'))
    : 'linear';
  if (strategy === 'linear') await runSections(play, play.batch);
  else await runFreely(play, strategy === 'host_pinned');
  for (const { handler, host } of run.handlers.unknown) {
    run.emit({
      type: 'warning',
      message: `an earlier run owes ${host} the handler '${handler}', which this play does not have: it stays owed`,
      at: play.play.at,
    });
  }
}

/** Each host on its own: `free` all of them, `host_pinned` as many at a time as there are forks. */
async function runFreely(play: PlayRun, pinned: boolean): Promise<void> {
  const { run } = play;
  const limiter = new Limiter(pinned ? (run.options.forks ?? 50) : play.batch.length);
  await Promise.all(play.batch.map((host) => limiter.run(() => runSections(play, [host]))));
}

/** pre_tasks, roles and tasks, post_tasks; after each, the handlers that were notified. */
async function runSections(play: PlayRun, hosts: readonly string[]): Promise<void> {
  const frame: Frame = { covered: false, handler: false, upcoming: () => [] };
  await gatherIfAsked(play, hosts);
  const { preTasks, tasks, postTasks } = play.play;
  // Handlers that an earlier run owes come after the first tasks, which may fix what kept them from running.
  for (const section of [preTasks, tasks, postTasks]) {
    if (section.length || section === postTasks) await runSection(play, section, hosts, frame);
  }
}

async function runSection(
  play: PlayRun,
  section: readonly TaskNode[],
  hosts: readonly string[],
  frame: Frame,
): Promise<void> {
  const { run } = play;
  settle(play, await play.runList(section, hosts, frame));
  const force = play.play.forceHandlers || run.options.forceHandlers === true;
  const flushing = hosts.filter((h) =>
    force
      ? run.hosts.get(h)!.state !== 'unreachable' && !play.handlersFailed.has(h)
      : run.hosts.get(h)!.state === 'active',
  );
  if (run.stopping() || (play.aborted && !force)) return;
  if (!force) return settle(play, await flushHandlers(play, flushing, frame));
  await forceHandlers(play, flushing, frame);
}

/** force_handlers: hosts that failed get their handlers all the same, and stay failed. */
async function forceHandlers(play: PlayRun, hosts: readonly string[], frame: Frame): Promise<void> {
  const { run } = play;
  const before = hosts.map((h) => [h, run.hosts.get(h)!.state] as const);
  const { aborted } = play;
  delete play.aborted;
  for (const host of hosts) run.hosts.get(host)!.state = 'active';
  const lost = await flushHandlers(play, hosts, frame);
  for (const [host, state] of before) run.hosts.get(host)!.state = state;
  if (aborted) play.aborted = aborted;
  for (const host of lost.keys()) play.handlersFailed.add(host);
  settle(play, lost);
}

/** Hosts that failed get no more tasks in this run. */
function settle(play: PlayRun, lost: FailedHosts): void {
  const { run } = play;
  for (const [host, failure] of lost) {
    if (play.cleared.delete(host)) continue;
    run.hosts.get(host)!.state = isUnreachable(failure.code) ? 'unreachable' : 'failed';
    run.vars.changed();
  }
}

/** `gather_facts: true` gathers before the first task; otherwise the first reader does. */
async function gatherIfAsked(play: PlayRun, hosts: readonly string[]): Promise<void> {
  const { run } = play;
  if (play.play.gatherFacts !== true) return;
  const ref = {
    id: `facts ${play.play.at.file}:${play.play.at.line}`,
    task: 'Gather facts',
    module: run.modules.facts,
    at: play.play.at,
  };
  run.emit({ type: 'task_start', hosts: [...hosts], ...ref });
  await Promise.all(
    hosts.map(async (host) => {
      const began = Date.now();
      const error = await run.limiter
        .run(() => gatherFacts(play, host))
        .then(
          () => undefined,
          (e: unknown) => failureOf(e, play.play.at),
        );
      if (error) settle(play, new Map([[host, error]]));
      const status = error ? (run.hosts.get(host)!.state === 'unreachable' ? 'unreachable' : 'failed') : 'ok';
      count(run, host, status);
      run.emit({ type: 'task_end', ...ref, host, status, duration_ms: Date.now() - began, ...(error && { error }) });
    }),
  );
  run.emit({ type: 'task_done', ...ref });
}

function isDown(run: Run, host: string): boolean {
  return ['failed', 'unreachable'].includes(run.hosts.get(host)!.state);
}
