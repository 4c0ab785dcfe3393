import type { Position } from '../../diagnostics/errors.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Task } from '../../model/playbook.ts';
import type { Sharded } from './outside.ts';
import { namesMade, tasksOf } from './reading/play-contents.ts';
import type { Contents } from './reading/play-contents.ts';

/** Variables that name the hosts of a play, of which each controller has its own. */
const PLAY_HOSTS = ['ansible_play_hosts', 'ansible_play_hosts_all', 'ansible_play_batch', 'play_hosts'];

/** A host that is every controller itself. */
const CONTROLLER = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Refuses plays that need all of their hosts at once (E_SHARD), where `--shard` has them on several controllers. One whose hosts are
 * all in one shard runs there as it would alone.
 */
export function checkShards(contents: readonly Contents[], shards: Sharded, problems: Problems): void {
  const made = new Set(contents.flatMap(namesMade));
  for (const one of contents) {
    const used = new Set(shards.hostsOf(one.play).map((host) => shards.of(host)));
    const refuse = (what: string, at: Position) =>
      problems.add(
        'E_SHARD',
        `${what} needs all hosts of the play '${one.play.name}', and --shard has them on ${used.size} controllers`,
        at,
        'Run this play without `--shard`, or keep its hosts together: `--shard-by group`.',
      );
    for (const task of tasksOf(one)) checkDelegation(task, used, shards, problems);
    if (used.size <= 1) continue;
    const { serial, maxFailPercentage } = one.play;
    if (serial) refuse("'serial'", serial.at);
    if (maxFailPercentage) refuse("'max_fail_percentage'", maxFailPercentage.at);
    for (const task of tasksOf(one)) for (const [what, at] of wholePlayNeeds(task, made)) refuse(what, at);
  }
}

/** What of a task only works where all hosts of the play are. */
function wholePlayNeeds(task: Task, made: ReadonlySet<string>): [string, Position][] {
  const { runOnce, anyErrorsFatal, traits, module, at } = task;
  const text = textOf(task);
  const read = words(text);
  const others = read.has('hostvars') ? [...made].find((name) => read.has(name)) : undefined;
  const hosts = PLAY_HOSTS.find((name) => read.has(name));
  return [
    ...(runOnce && runOnce.value !== false ? [["'run_once'", runOnce.at] as [string, Position]] : []),
    ...(anyErrorsFatal && anyErrorsFatal.value !== false
      ? [["'any_errors_fatal'", anyErrorsFatal.at] as [string, Position]]
      : []),
    ...(traits.allHosts ? [[`'${module}'`, at] as [string, Position]] : []),
    ...(others === undefined ? [] : [[`'${others}' of other hosts (hostvars)`, at] as [string, Position]]),
    ...(hosts === undefined ? [] : [[`'${hosts}'`, at] as [string, Position]]),
  ];
}

function checkDelegation({ delegateTo }: Task, used: ReadonlySet<number>, shards: Sharded, problems: Problems): void {
  if (!delegateTo) return;
  const target = String(delegateTo.value).trim();
  if (CONTROLLER.has(target) || /^\{\{\s*inventory_hostname\s*\}\}$/.test(target)) return;
  const known = !target.includes('{{');
  const inside = used.size <= 1 && (!known || used.has(shards.of(target)));
  if (inside) return;
  problems.add(
    'E_SHARD',
    known
      ? `'delegate_to' names ${target}, which may belong to the shard of another controller`
      : "'delegate_to' may name a host that belongs to the shard of another controller",
    delegateTo.at,
    'Run this play without `--shard`, or keep its hosts together: `--shard-by group`.',
  );
}

/** All that a task has evaluated. */
function textOf({ args, when, vars, loop, until }: Task): string {
  return JSON.stringify([
    args,
    when.map(({ source }) => source),
    vars.map((layer) => layer.vars),
    loop?.items.value,
    until,
  ]);
}

function words(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_]\w*/g));
}
