import { FactsNeeded } from '../model/variables.ts';
import { XrunError } from '../diagnostics/errors.ts';
import { playScope } from '../engine/task/scope.ts';
import { expandLimit, noHosts, selectHosts } from '../inventory/selection/select.ts';
import { sharding } from '../inventory/selection/shard.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Play, Playbook } from '../model/playbook.ts';
import type { Renderer } from '../model/variables.ts';
import type { VarsStore } from '../variables/store.ts';
import type { LoadRequest } from './request.ts';

/** What a play's pattern is read with. */
export interface Known {
  inventory: Inventory;
  vars: VarsStore;
  renderer: Pick<Renderer, 'render'>;
}

/**
 * The errors of the patterns of plays and `--limit`: names that no host or group has, and plays that no host is for.
 * For playbooks none of whose tasks make hosts or groups.
 */
export function wrongPatterns(playbooks: readonly Playbook[], known: Known, request: LoadRequest): unknown[] {
  const { limit } = request;
  return [
    ...playbooks.flatMap(({ plays }) => plays).flatMap((play) => thrown(() => checkPlay(play, known))),
    ...(limit === undefined ? [] : thrown(() => void selectHosts(expandLimit(limit, request.cwd), known.inventory))),
  ];
}

function checkPlay(play: Play, known: Known): void {
  const pattern = patternOf(play, known);
  if (pattern === undefined) return;
  // A copy has no inside: what a template gave has no places of its own.
  const at = pattern === play.hosts.value ? play.hosts.at : { ...play.hosts.at };
  const hosts = selectHosts(pattern, known.inventory, { at, allowEmpty: true });
  if (hosts.length === 0 && !play.allowEmpty) throw noHosts(pattern, known.inventory, { at, allowable: true });
}

/** A play's pattern, rendered; undefined where only the run can know it, as it depends on results or facts. */
export function patternOf(play: Play, { vars, renderer }: Pick<Known, 'vars' | 'renderer'>): string | undefined {
  const { value, at } = play.hosts;
  if (!String(value).includes('{{')) return String(value);
  try {
    return [renderer.render(value, playScope({ vars }, play), at)].flat().join(',');
  } catch (error) {
    if (error instanceof XrunError || error instanceof FactsNeeded) return undefined;
    throw error;
  } finally {
    vars.startPlay({});
  }
}

/** Hosts that these plays may come to: a pattern that only the run can know may mean any. */
export function hostsOfRun(
  plays: readonly Play[],
  all: Known,
  { limit, cwd, shard }: Pick<LoadRequest, 'limit' | 'cwd' | 'shard'>,
): string[] {
  const { inventory } = all;
  const limited =
    limit === undefined ? undefined : new Set(known(() => selectHosts(expandLimit(limit, cwd), inventory)));
  const patterns = new Set(plays.map((play) => patternOf(play, all) ?? 'all'));
  const chosen = new Set(
    [...patterns].flatMap((pattern) => known(() => selectHosts(pattern, inventory, { allowEmpty: true }))),
  );
  const of = shard && sharding(shard, inventory);
  return [...chosen].filter((host) => (!limited || limited.has(host)) && (!of || of(host) === shard.number));
}

/** A host or group that a task has yet to make is not there; a wrong name is reported by the check of patterns. */
function known(select: () => string[]): string[] {
  try {
    return select();
  } catch {
    return [];
  }
}

function thrown(work: () => void): unknown[] {
  try {
    work();
    return [];
  } catch (error) {
    return [error];
  }
}
