import { isTemplate } from '../found.ts';
import { loadInclude } from '../include.ts';
import { listsOfBlock, listsOfPlay } from '../nodes.ts';
import type { LoadOptions } from '../loading.ts';
import type { Problems } from '../problems.ts';
import type { Include, Loop, Play, Playbook, Task, TaskNode, VarsLayer } from '../types.ts';

/** What stands around a node of a play. */
export interface Around {
  /** The variables of loops that it is in, its own included. */
  loops: readonly string[];
  /** It is in a block whose `rescue` deals with a failure. */
  rescued: boolean;
  /** Nobody knows whether it comes to it: a handler, what a rescue holds, a loop that may have no items, an include with a condition. */
  doubtful: boolean;
}

/** Everything that one play holds, includes whose names are known taken in. */
export interface Contents {
  play: Play;
  /** Blocks, tasks and includes, handlers among them. */
  nodes: TaskNode[];
  handlers: TaskNode[];
  around: Map<TaskNode, Around>;
  /** Variables of the play and of the roles in it. */
  layers: VarsLayer[];
  /** False where something is only known when the play runs: a templated include or file of variables. */
  complete: boolean;
  /** False where tasks are only known then; those of a file that cannot be read are to be known when it can. */
  tasksKnown: boolean;
}

/** The contents of every play. Mistakes in includes are noted. */
export async function contentsOf(playbooks: readonly Playbook[], options: LoadOptions, problems: Problems): Promise<Contents[]> {
  const reading = { ...options, onWarning: (warning: Problems['warnings'][number]) => problems.warnings.push(warning) };
  const contents: Contents[] = [];
  for (const play of playbooks.flatMap((playbook) => playbook.plays)) contents.push(await new Reading(play, reading, problems).all());
  return contents;
}

/** The tasks of a play. */
export function tasksOf({ nodes }: Contents): Task[] {
  return nodes.filter((node) => node.kind === 'task');
}

class Reading {
  private readonly contents: Contents;
  private readonly options: LoadOptions;
  private readonly problems: Problems;
  /** Places and targets of includes that were read, for an include may take in itself. */
  private readonly included = new Set<string>();

  constructor(play: Play, options: LoadOptions, problems: Problems) {
    const layers = [...play.vars, ...play.roleDefaults];
    this.contents = { play, nodes: [], handlers: [...play.handlers], around: new Map(), layers, complete: play.varsFiles.length === 0, tasksKnown: true };
    this.options = options;
    this.problems = problems;
  }

  async all(): Promise<Contents> {
    const { play } = this.contents;
    for (const list of listsOfPlay(play)) await this.list(list, { loops: [], rescued: false, doubtful: list === play.handlers });
    return this.contents;
  }

  private async list(nodes: readonly TaskNode[], outer: Around): Promise<void> {
    for (const node of nodes) {
      const { loop } = node;
      const around = loop ? { ...outer, ...withLoop(loop, outer) } : outer;
      this.contents.nodes.push(node);
      this.contents.around.set(node, around);
      if (node.kind === 'include') await this.include(node, { ...around, doubtful: around.doubtful || node.when.length > 0 });
      if (node.kind !== 'block') continue;
      const rescued = { ...around, rescued: around.rescued || node.rescue.length > 0 };
      for (const list of listsOfBlock(node)) {
        await this.list(list, list === node.block ? rescued : { ...around, doubtful: around.doubtful || list === node.rescue });
      }
    }
  }

  private async include(node: Include, around: Around): Promise<void> {
    const known = !isTemplate(node.target.value) && !isTemplate(node.tasksFrom?.value);
    if (!known) Object.assign(this.contents, { complete: false, tasksKnown: false });
    const key = JSON.stringify([node.at, node.target.value, node.tasksFrom?.value]);
    if (!known || this.included.has(key)) return;
    this.included.add(key);
    try {
      const tasksFrom = node.tasksFrom?.value;
      const { tasks, handlers, defaults, vars } = await loadInclude(node, node.target.value, { ...this.options, ...(tasksFrom && { tasksFrom }) });
      this.contents.layers.push(...defaults, ...vars);
      this.contents.handlers.push(...handlers);
      await this.list(tasks, around);
      await this.list(handlers, { ...around, doubtful: true });
    } catch (error) {
      this.problems.caught(error);
      this.contents.complete = false;
    }
  }
}

function withLoop({ loopVar, indexVar, items }: Loop, outer: Around): Pick<Around, 'loops' | 'doubtful'> {
  const turns = Array.isArray(items.value) && items.value.length > 0;
  return { loops: [...outer.loops, loopVar, ...(indexVar ? [indexVar] : [])], doubtful: outer.doubtful || !turns };
}
