import { XrunErrors } from '../../../diagnostics/errors.ts';
import type { XrunError } from '../../../diagnostics/errors.ts';
import { isTemplate } from '../../../diagnostics/found.ts';
import { loadInclude } from '../../include.ts';
import { listsOfBlock, listsOfPlay } from '../../nodes.ts';
import type { LoadOptions } from '../../parse/loading.ts';
import type { Problems } from '../../../diagnostics/problems.ts';
import type { Include, Loop, Play, Playbook, TaskNode } from '../../../model/playbook.ts';
import { includeTargets } from './include-targets.ts';
import type { IncludeTarget } from './include-targets.ts';
import { namesMade, tasksOf } from './play-contents.ts';
import type { Around, Contents } from './play-contents.ts';
import type { ExternalContext } from '../outside.ts';

/**
 * The contents of every play. Errors in includes are noted.
 *
 * @param options.outside for the values of variables in the names of includes; without it they are not known
 */
export async function contentsOf(
  playbooks: readonly Playbook[],
  options: LoadOptions & { outside?: ExternalContext },
  problems: Problems,
): Promise<Contents[]> {
  const loading = { ...options, onWarning: (warning: Problems['warnings'][number]) => problems.warnings.push(warning) };
  const readings = playbooks.flatMap(({ plays }) => plays).map((play) => new Reading(play, loading, problems));
  for (const reading of readings) await reading.all();
  await readTemplated(readings, options.outside);
  return readings.map(({ contents }) => contents);
}

/** Includes with variables in their names come last: it takes all tasks to know which of those are set only in the run. */
async function readTemplated(readings: readonly Reading[], outside: ExternalContext | undefined): Promise<void> {
  for (let open = true; open;) {
    open = false;
    const made = new Set(readings.flatMap(({ contents }) => namesMade(contents)));
    // What files of variables hold lasts from play to play, and is only read after this.
    const readsVars = readings.some(({ contents }) =>
      tasksOf(contents).some(({ traits }) => traits.changesVariables === 'files'),
    );
    for (const reading of readings) open = (await reading.templated(made, readsVars ? undefined : outside)) || open;
  }
}

class Reading {
  readonly contents: Contents;
  private readonly options: LoadOptions;
  private readonly problems: Problems;
  /** Places and targets of includes that were read, for an include may include itself. */
  private readonly included = new Set<string>();
  /** Includes with variables in their names that are still to be read. */
  private waiting: { node: Include; around: Around }[] = [];

  constructor(play: Play, options: LoadOptions, problems: Problems) {
    const layers = [...play.vars, ...play.roleDefaults];
    this.contents = {
      play,
      nodes: [],
      handlers: [...play.handlers],
      around: new Map(),
      layers,
      complete: play.varsFiles.length === 0,
      tasksKnown: true,
    };
    this.options = options;
    this.problems = problems;
  }

  async all(): Promise<void> {
    const { play } = this.contents;
    for (const list of listsOfPlay(play))
      await this.list(list, { loops: [], rescued: false, doubtful: list === play.handlers });
  }

  /** Reads the includes that were left out so far, as far as their names are known. Returns whether there were any. */
  async templated(made: ReadonlySet<string>, outside: ExternalContext | undefined): Promise<boolean> {
    const { waiting } = this;
    this.waiting = [];
    const { play, layers } = this.contents;
    const brought = layers
      .filter((layer) => !play.vars.includes(layer) && !play.roleDefaults.includes(layer))
      .flatMap(({ vars }) => Object.keys(vars));
    for (const { node, around } of waiting) {
      const targets =
        outside && play.varsFiles.length === 0
          ? includeTargets(node, { play, loops: around.loops, made: new Set([...made, ...brought]), outside })
          : undefined;
      if (!targets) Object.assign(this.contents, { complete: false, tasksKnown: false });
      for (const target of targets ?? []) await this.load(node, target, { ...around, doubtful: true }, around.doubtful);
    }
    return waiting.length > 0;
  }

  private async list(nodes: readonly TaskNode[], outer: Around): Promise<void> {
    for (const node of nodes) {
      const { loop } = node;
      const around = loop ? { ...outer, ...withLoop(loop, outer) } : outer;
      this.contents.nodes.push(node);
      this.contents.around.set(node, around);
      if (node.kind === 'include')
        await this.include(node, {
          ...around,
          doubtful: around.doubtful || node.when.length > 0,
          conditional: around.conditional === true || node.when.length > 0,
        });
      if (node.kind !== 'block') continue;
      const rescued = { ...around, rescued: around.rescued || node.rescue.length > 0 };
      for (const list of listsOfBlock(node)) {
        await this.list(
          list,
          list === node.block ? rescued : { ...around, doubtful: around.doubtful || list === node.rescue },
        );
      }
    }
  }

  private async include(node: Include, around: Around): Promise<void> {
    const { target, tasksFrom } = node;
    if (isTemplate(target.value) || isTemplate(tasksFrom?.value)) this.waiting.push({ node, around });
    else await this.load(node, { target: target.value, ...(tasksFrom && { tasksFrom: tasksFrom.value }) }, around);
  }

  /** @param spare a file or role that does not exist is not an error: its name may be invalid where the condition does not hold */
  private async load(
    node: Include,
    { target, tasksFrom }: IncludeTarget,
    around: Around,
    spare = false,
  ): Promise<void> {
    const key = JSON.stringify([node.at, target, tasksFrom]);
    if (this.included.has(key)) return;
    this.included.add(key);
    try {
      const { tasks, handlers, defaults, vars } = await loadInclude(node, target, {
        ...this.options,
        ...(tasksFrom && { tasksFrom }),
      });
      this.contents.layers.push(...defaults, ...vars);
      this.contents.handlers.push(...handlers);
      await this.list(tasks, around);
      await this.list(handlers, { ...around, doubtful: true });
    } catch (error) {
      this.contents.complete = false;
      if (spare && isMissing(error)) this.contents.tasksKnown = false;
      else if (around.conditional && isForOtherHosts(error)) this.elsewhere(error);
      else this.problems.caught(error);
    }
  }

  /** A run that gets to the include fails there; one whose condition is false does not. */
  private elsewhere(error: unknown): void {
    this.contents.tasksKnown = false;
    for (const { code, message, at, hint } of errorsIn(error)) this.problems.warn(code, message, at, hint);
  }
}

function withLoop({ loopVar, indexVar, items }: Loop, outer: Around): Pick<Around, 'loops' | 'doubtful'> {
  const turns = Array.isArray(items.value) && items.value.length > 0;
  return { loops: [...outer.loops, loopVar, ...(indexVar ? [indexVar] : [])], doubtful: outer.doubtful || !turns };
}

/** The only error is that the file or role does not exist. */
function isMissing(error: unknown): boolean {
  return errorsIn(error).every(({ code }) => code === 'E_FILE' || code === 'E_ROLE');
}

/**
 * What an include with a condition may hold for hosts that are not these: another system's modules, files that do not
 * exist. A module whose name is near to a known one is a slip.
 */
function isForOtherHosts(error: unknown): boolean {
  return (
    isMissing(error) || errorsIn(error).every(({ code, hint }) => code === 'E_MODULE' && !hint?.includes('Did you'))
  );
}

function errorsIn(error: unknown): readonly XrunError[] {
  return error instanceof XrunErrors ? error.errors : [error as XrunError];
}
