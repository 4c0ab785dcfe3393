import type { Include, TaskNode } from '../../model/playbook.ts';
import { loadInclude } from '../../playbook/include.ts';
import type { PlayRun } from './play-state.ts';
import type { Run } from '../run/run-state.ts';
import { chosenNodes } from '../run/tags.ts';

interface Loaded {
  tasks: TaskNode[];
  handlers: TaskNode[];
}

const loaded = new WeakMap<Run, Map<string, Promise<Loaded>>>();

/** The tasks of an include whose name is known by now; each file is read once a run. A role brings handlers, a public one variables too. */
export async function loadIncluded(
  play: PlayRun,
  node: Include,
  target: string,
  tasksFrom?: string,
): Promise<TaskNode[]> {
  const { run } = play;
  let files = loaded.get(run);
  if (!files) loaded.set(run, (files = new Map()));
  const key = JSON.stringify([node.id, node.at, target, tasksFrom]);
  let reading = files.get(key);
  if (!reading) files.set(key, (reading = load(play, node, target, tasksFrom)));
  const { tasks, handlers } = await reading;
  // Each batch of a play begins with the play's own handlers.
  run.handlers.extend(handlers);
  return tasks;
}

async function load(play: PlayRun, node: Include, target: string, tasksFrom?: string): Promise<Loaded> {
  const { run } = play;
  const { tasks, handlers, defaults, vars } = await loadInclude(node, target, {
    modules: run.modules,
    rolesPath: run.rolesPath,
    cwd: run.options.cwd,
    decrypt: run.decrypt,
    ...(tasksFrom && { tasksFrom }),
  });
  if (node.what === 'tasks' || isPublic(node)) {
    play.roleDefaults.push(...defaults);
    for (const layer of vars) run.vars.addPlayVars(layer);
  }
  // A handler runs because it was notified, whatever the tags; so does what it includes.
  return {
    handlers,
    tasks: node.listen ? tasks : chosenNodes(tasks, { tags: run.options.tags ?? [], skip: run.options.skipTags ?? [] }),
  };
}

/** What an included role brings is its own, unless it says otherwise; imports in included tasks are always public. */
function isPublic(node: Include): boolean {
  return /^(true|yes|on)$/i.test(String(node.included.args.public));
}
