import { XrunError } from '../../errors.ts';
import { builtInNames } from '../../vars/built-ins.ts';
import { conditionNeeds, needsOf, noNeeds, templateNeeds } from '../../vars/needs.ts';
import type { Needs, Read } from '../../vars/needs.ts';
import { undefinedVariable } from '../../vars/undefined.ts';
import { namedByTemplates } from '../arguments.ts';
import type { Problems } from '../problems.ts';
import type { Task, TaskNode } from '../types.ts';
import { tasksOf } from './contents.ts';
import type { Contents } from './contents.ts';
import { cycleError } from './cycles.ts';
import type { TemplateFile } from './files.ts';
import { addHostTests, unknownHost } from './host-names.ts';
import type { IncludedVars } from './included-vars.ts';
import type { Outside, Reader } from './outside.ts';
import type { PartialFiles } from './partial-files.ts';
import { basesOf, withPartials } from './partials.ts';
import { PlayValues } from './play-values.ts';
import { valuesOf } from './values.ts';
import { Walk } from './walk.ts';
import type { Step } from './walk.ts';
import { vaultsIn } from './written.ts';

/** What is known of the playbooks when their variables are checked. */
export interface Known {
  contents: readonly Contents[];
  templates: readonly TemplateFile[];
  included: IncludedVars;
  partials: PartialFiles;
  outside: Outside;
  /** No task adds hosts or groups. */
  hostsKnown: boolean;
}

/**
 * Notes variables that are read though nothing can give them: no inventory, play, role, block, task, earlier result or
 * option; hosts and groups that there are not; variables that need themselves; and encrypted ones that no password
 * opens. A name that a task tests (`defined(x)`, `default`) may be missing in that task.
 */
export function checkVariables(known: Known, problems: Problems): void {
  const names = new Names(known);
  for (const contents of known.contents) new PlayCheck(contents, known, names, problems).all();
}

/** The names that there are, wherever they are set, and what tasks read besides their own lines. */
class Names {
  /** False where only the run can tell: nothing is said to be missing then. */
  readonly complete: boolean;
  readonly all: ReadonlySet<string>;
  /** Those that tasks set while they run. */
  readonly made: ReadonlySet<string>;
  /** The template files of each task. */
  readonly templates = new Map<TaskNode, TemplateFile[]>();

  constructor({ contents, included, templates, outside }: Known) {
    for (const template of templates) this.templates.set(template.task, [...(this.templates.get(template.task) ?? []), template]);
    this.complete = contents.every(({ complete, nodes }) => complete && !nodes.some((node) => isOpen(node, included)));
    this.made = new Set(contents.flatMap(namesMade));
    const layers = [...contents.flatMap(({ layers, nodes }) => [...layers, ...nodes.flatMap((node) => node.vars)]), ...included.values()];
    this.all = new Set([...builtInNames, ...outside.variables, ...this.made, ...layers.flatMap(({ vars }) => Object.keys(vars))]);
  }

  has(name: string): boolean {
    return this.all.has(name) || /^(ansible|xrun)_/.test(name);
  }
}

class PlayCheck {
  private readonly contents: Contents;
  private readonly known: Known;
  private readonly names: Names;
  private readonly problems: Problems;
  private readonly values: PlayValues;
  /** Messages of the cycles that were told. */
  private readonly cycles = new Set<string>();

  constructor(contents: Contents, known: Known, names: Names, problems: Problems) {
    this.contents = contents;
    this.known = known;
    this.names = names;
    this.problems = problems;
    this.values = new PlayValues(contents, known, names.made);
  }

  all(): void {
    const { play, nodes } = this.contents;
    const ofPlay = noNeeds();
    for (const raw of [play.hosts, play.serial, play.maxFailPercentage]) if (raw) needsOf(raw.value, raw.at, ofPlay);
    this.walk({ vars: [] }, [], this.tell(true)).from(ofPlay);
    for (const node of nodes) this.node(node);
    const unused = this.walk({ vars: [] }, [], (error) => {
      if (error.code === 'E_CYCLE' && !this.cycles.has(error.message)) this.problems.warn('W_CYCLE', error.message, error.at, error.hint);
    });
    const all = this.values.names();
    if (this.names.complete) unused.from({ reads: all.map((name) => ({ name, sure: true, lenient: true })), tests: new Set(all), partials: [] });
  }

  private node(node: TaskNode): void {
    const loops = this.contents.around.get(node)?.loops ?? [];
    const conditions = noNeeds();
    for (const condition of node.when) conditionNeeds(condition, conditions);
    addHostTests(conditions);
    if (conditions.reads.length > 0) this.walk(node, loops, this.tell(true)).from(conditions);
    const needs = needsOfNode(node, this.names.templates.get(node) ?? []);
    addHostTests(needs);
    // Where the condition does not hold, as with variables of another inventory, nobody reads them.
    const tell = this.tell(node.when.length === 0);
    this.walk(node, loops, tell).from({ ...needs, tests: new Set([...conditions.tests, ...needs.tests]) });
    if (!this.values.anyHost) return;
    for (const { value } of valuesOf(node)) for (const text of vaultsIn(value)) this.vault(() => this.known.outside.openVault(text), tell);
  }

  private tell(certain: boolean): Tell {
    return (error, sure = true) => {
      const doubt = certain ? 'should it ever be read' : 'should the condition ever hold';
      if (certain && sure) this.problems.errors.push(error);
      else this.problems.warn(error.code.replace(/^E/, 'W'), `${error.message}, ${doubt}`, error.at, error.hint);
    };
  }

  private walk(node: Reader, loops: readonly string[], tell: Tell): Walk {
    const { play } = this.contents;
    const { partials, outside } = this.known;
    return new Walk(this.values.finder(node), (needs) => withPartials(needs, basesOf(play, node), partials), {
      read: (read, _needs, steps) => {
        if (steps.length > 0 && !this.names.complete) return;
        const host = this.known.hostsKnown && this.values.anyHost ? unknownHost(read, outside) : undefined;
        const error = host ?? this.missing(read, loops);
        if (error && this.values.mayWin(node, steps)) tell(error, !host || read.sure);
      },
      vault: (text, steps) => {
        if (this.values.anyHost && this.values.mayWin(node, steps)) this.vault(() => outside.openVault(text), tell);
      },
      cycle: (ring, before) => this.cycle(node, ring, before, tell),
    });
  }

  private missing({ name, place }: Read, loops: readonly string[]): XrunError | undefined {
    if (!this.names.complete || this.names.has(name) || loops.includes(name)) return undefined;
    return undefinedVariable(name, [...this.names.all, ...loops], place?.());
  }

  private cycle(node: Reader, ring: readonly Step[], before: readonly Step[], tell: Tell): void {
    if (!this.names.complete || ring.some(({ read }) => !read.sure)) return;
    const hosts = this.values.hostsWhere(node, [...before, ...ring]);
    if (hosts === 'none') return;
    const error = cycleError(ring);
    tell(error, hosts === 'all' && before.every(({ read }) => read.sure));
    this.cycles.add(error.message);
  }

  private vault(open: () => void, tell: Tell): void {
    try {
      open();
    } catch (error) {
      if (!(error instanceof XrunError)) throw error;
      tell(error);
    }
  }
}

/** Notes an error; where it is not `sure` that it comes to it, as a warning. */
type Tell = (error: XrunError, sure?: boolean) => void;

/** A module of which nobody knows beforehand what variables it makes. */
function isOpen(node: TaskNode, included: IncludedVars): boolean {
  return node.kind === 'task' && (node.module === 'include_vars' ? !included.has(node) : namedByTemplates(node));
}

/** Names that tasks of a play make while it runs. */
function namesMade(contents: Contents): string[] {
  return [...tasksOf(contents).flatMap(namesOfTask), ...contents.play.varsPrompt.map(({ name }) => name)];
}

function namesOfTask({ module, args, register }: Task): string[] {
  const sets = module === 'set_fact' || module === 'add_host' || module === 'group_by';
  return [...(register === undefined ? [] : [register]), ...(sets ? Object.keys(args) : [])];
}

function needsOfNode(node: TaskNode, templates: readonly TemplateFile[]): Needs {
  const needs = noNeeds();
  for (const { value, at } of valuesOf(node)) needsOf(value, at, needs);
  if (node.kind !== 'task') return needs;
  // The name of a task's own result in the conditions that judge it.
  if (node.changedWhen.length + node.failedWhen.length + (node.until?.length ?? 0) > 0) needs.tests.add('result');
  for (const condition of [...node.changedWhen, ...node.failedWhen, ...(node.until ?? []), ...(node.judged ?? [])]) conditionNeeds(condition, needs);
  for (const { text, source } of templates) templateNeeds(text, (start, end) => source.pos(start, end), needs);
  return needs;
}
