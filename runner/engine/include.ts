import type { Include, TaskNode } from '../playbook/types.ts';
import { loadInclude } from '../playbook/include.ts';
import type { PlayRun } from './play-state.ts';
import type { Run } from './run-state.ts';
import { chosenNodes } from './tags.ts';

const loaded = new WeakMap<Run, Map<string, Promise<TaskNode[]>>>();

/** The tasks of an include whose name is known by now; each file is read once a run. A role brings handlers and vars. */
export function loadIncluded(run: Run, play: PlayRun, node: Include, target: string, tasksFrom?: string): Promise<TaskNode[]> {
  let files = loaded.get(run);
  if (!files) loaded.set(run, (files = new Map()));
  const key = JSON.stringify([node.id, node.at, target, tasksFrom]);
  let tasks = files.get(key);
  if (!tasks) files.set(key, (tasks = load(run, play, node, target, tasksFrom)));
  return tasks;
}

async function load(run: Run, play: PlayRun, node: Include, target: string, tasksFrom?: string): Promise<TaskNode[]> {
  const included = await loadInclude(node, target, { modules: run.modules, cwd: run.options.cwd, decrypt: run.decrypt, ...(tasksFrom && { tasksFrom }) });
  run.handlers.extend(included.handlers);
  play.roleDefaults.push(...included.defaults);
  for (const layer of included.vars) run.vars.addPlayVars(layer);
  // A handler runs because it was notified, whatever the tags; so does what it takes in.
  return node.listen ? included.tasks : chosenNodes(included.tasks, { tags: run.options.tags ?? [], skip: run.options.skipTags ?? [] });
}

