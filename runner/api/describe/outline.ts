import type { Loaded } from '../../engine/run/run.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { expandLimit, selectHosts } from '../../inventory/selection/select.ts';
import type { Play, TaskNode } from '../../model/playbook.ts';
import { load } from '../load.ts';
import type { LoadRequest } from '../request.ts';

/** A play with its hosts and tasks, as far as they are known without touching a host. */
export interface PlayOutline {
  playbook: string;
  name: string;
  at: Position;
  pattern: string;
  /** undefined where the pattern is a template. */
  hosts: string[] | undefined;
  /** Tasks that the tags choose, includes unopened, handlers left out. */
  tasks: TaskOutline[];
}

export interface TaskOutline {
  name: string;
  module: string;
  at: Position;
  tags: string[];
}

/** What `--list-hosts`, `--list-tasks` and `--list-tags` show. Throws what is wrong with playbooks and inventory. */
export async function outline(request: LoadRequest): Promise<PlayOutline[]> {
  const loaded = await load(request);
  return outlineOf(loaded, { ...request, ...(loaded.limit !== undefined && { limit: loaded.limit }) });
}

/** The same of what has been loaded. */
export function outlineOf(
  { playbooks, inventory }: Pick<Loaded, 'playbooks' | 'inventory'>,
  request: LoadRequest,
): PlayOutline[] {
  const limited =
    request.limit === undefined ? undefined : new Set(selectHosts(expandLimit(request.limit, request.cwd), inventory));
  const hostsOf = ({ hosts }: Play) => {
    const pattern = patternOf(hosts.value);
    if (pattern.includes('{{')) return undefined;
    const selected = selectHosts(pattern, inventory, { allowEmpty: true, at: hosts.at });
    return limited ? selected.filter((host) => limited.has(host)) : selected;
  };
  return playbooks.flatMap(({ file, plays }) =>
    plays.map((play) => ({
      playbook: file,
      name: play.name,
      at: play.at,
      pattern: patternOf(play.hosts.value),
      hosts: hostsOf(play),
      tasks: [...play.preTasks, ...play.tasks, ...play.postTasks].flatMap(leaves),
    })),
  );
}

/** Loaders give a pattern's list as they found it. */
function patternOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function leaves(node: TaskNode): TaskOutline[] {
  if (node.kind === 'block') return [...node.block, ...node.rescue, ...node.always].flatMap(leaves);
  const module = node.kind === 'task' ? node.module : `include_${node.what}`;
  return [{ name: node.name?.value ?? module, module, at: node.at, tags: node.tags }];
}
