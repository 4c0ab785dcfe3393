import { XrunError } from '../../diagnostics/errors.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import { needsOf, noNeeds } from '../../language/templates/needs/needs.ts';
import type { Read } from '../../language/templates/needs/read.ts';
import { undefinedVariable } from '../../language/values/undefined.ts';
import type { VaultText } from '../../language/vault/vault-text.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { TaskNode } from '../../model/playbook.ts';
import type { Around, Contents } from './reading/play-contents.ts';
import { cycleError } from './cycles.ts';
import type { TemplateFile } from './files.ts';
import { addHostTests, unknownHost } from './reading/host-names.ts';
import type { IncludedVars } from './included-vars.ts';
import { Names } from './reading/names.ts';
import { namesHosts, needsOfConditions, needsOfNode } from './reading/node-needs.ts';
import type { ExternalContext, Reader } from './outside.ts';
import type { PartialFiles } from './reading/partial-files.ts';
import { basesOf, withPartials } from './partials.ts';
import { PlayValues } from './reading/play-values.ts';
import { valuesOf } from './reading/values.ts';
import { Walk } from './reading/walk.ts';
import type { Step } from './reading/walk.ts';
import { vaultsIn } from './reading/written.ts';

/** What is known of the playbooks when their variables are checked. */
export interface Known {
  contents: readonly Contents[];
  templates: readonly TemplateFile[];
  included: IncludedVars;
  partials: PartialFiles;
  outside: ExternalContext;
  /** No task adds hosts or groups. */
  hostsKnown: boolean;
}

/**
 * Notes variables that are read though nothing can give them: no inventory, play, role, block, task, earlier result or
 * option; hosts and groups that there are not; variables that need themselves; and encrypted ones that no password
 * opens. A name that a task tests (`defined(x)`, `default`) may be missing in that task.
 */
export function checkVariables(known: Known, problems: Problems): void {
  const names = new Names(known.contents, known.included, known.outside);
  for (const contents of known.contents) new PlayCheck(contents, known, names, problems).all();
}

class PlayCheck {
  private readonly contents: Contents;
  private readonly known: Known;
  private readonly names: Names;
  private readonly problems: Problems;
  private readonly values: PlayValues;
  private readonly templates = new Map<TaskNode, TemplateFile[]>();
  /** Messages of the cycles that were reported. */
  private readonly cycles = new Set<string>();

  constructor(contents: Contents, known: Known, names: Names, problems: Problems) {
    this.contents = contents;
    this.known = known;
    this.names = names;
    this.problems = problems;
    this.values = new PlayValues(contents, known, names);
    for (const template of known.templates)
      this.templates.set(template.task, [...(this.templates.get(template.task) ?? []), template]);
  }

  all(): void {
    const { play, nodes } = this.contents;
    const ofPlay = noNeeds();
    for (const raw of [play.hosts, play.serial, play.maxFailPercentage]) if (raw) needsOf(raw.value, raw.at, ofPlay);
    this.walk({ vars: [] }, nothingAround, this.reporter(true)).from(ofPlay);
    for (const node of nodes) this.node(node);
    const unused = this.walk({ vars: [] }, nothingAround, (error) => {
      if (error.code === 'E_CYCLE' && !this.cycles.has(error.message))
        this.problems.warn('W_CYCLE', error.message, error.at, error.hint);
    });
    const all = this.values.names();
    if (this.names.complete)
      unused.from({
        reads: all.map((name) => ({ name, sure: true, lenient: true })),
        tests: new Set(all),
        partials: [],
      });
  }

  private node(node: TaskNode): void {
    const { loops = [], doubtful = false, conditional = false } = this.contents.around.get(node) ?? {};
    const around = { loops, doubtful: doubtful || node.tags.includes('never') };
    const templates = this.templates.get(node) ?? [];
    // Then all that can be reported is what the node itself names.
    if (!this.names.complete && !namesHosts(node, templates)) return;
    const conditions = needsOfConditions(node);
    addHostTests(conditions);
    if (conditions.reads.length > 0) this.walk(node, around, this.reporter(!conditional, false)).from(conditions);
    const needs = needsOfNode(node, templates);
    addHostTests(needs);
    // Where the condition does not hold, as with variables of another inventory, they are not read.
    const report = this.reporter(node.when.length === 0 && !conditional, node.when.length > 0);
    this.walk(node, around, report).from({ ...needs, tests: new Set([...conditions.tests, ...needs.tests]) });
    if (!this.values.anyHost) return;
    for (const { value } of valuesOf(node))
      for (const text of vaultsIn(value)) this.vault(text, !around.doubtful, report);
  }

  private reporter(certain: boolean, conditional = !certain): Report {
    return (error, sure = true) => {
      const doubt = !conditional ? 'should it ever be read' : 'should the condition ever hold';
      if (certain && sure) this.problems.errors.push(error);
      else this.problems.warn(error.code.replace(/^E/, 'W'), `${error.message}, ${doubt}`, error.at, error.hint);
    };
  }

  private walk(node: Reader, { loops, doubtful }: Pick<Around, 'loops' | 'doubtful'>, report: Report): Walk {
    const { play } = this.contents;
    const { partials, outside } = this.known;
    const certain = (steps: readonly Step[]) =>
      !doubtful && steps.every(({ read }) => read.sure) && !this.values.isConditional(steps);
    return new Walk(this.values.finder(node), (needs) => withPartials(needs, basesOf(play, node), partials), {
      read: (read, _needs, steps) => {
        if (steps.length > 0 && !this.names.complete) return;
        const host = this.known.hostsKnown && this.values.anyHost ? unknownHost(read, outside) : undefined;
        const error = host ?? this.missing(read, loops);
        if (error && this.values.mayWin(node, steps))
          report(error, host ? read.sure && certain(steps) : !this.values.isConditional(steps));
      },
      vault: (text, steps) => {
        if (this.names.complete && this.values.anyHost && this.values.mayWin(node, steps))
          this.vault(text, certain(steps), report);
      },
      cycle: (ring, before) => this.cycle(node, ring, before, (error, sure = true) => report(error, sure && !doubtful)),
    });
  }

  private missing({ name, place }: Read, loops: readonly string[]): XrunError | undefined {
    if (!this.names.complete || this.names.has(name) || loops.includes(name) || loops.some(isTemplate))
      return undefined;
    return undefinedVariable(name, [...this.names.all, ...loops], place?.());
  }

  private cycle(node: Reader, ring: readonly Step[], before: readonly Step[], report: Report): void {
    if (!this.names.complete || ring.some(({ read }) => !read.sure)) return;
    const hosts = this.values.hostsWhere(node, [...before, ...ring]);
    if (hosts === 'none') return;
    const error = cycleError(ring);
    report(error, hosts === 'all' && before.every(({ read }) => read.sure));
    this.cycles.add(error.message);
  }

  private vault(text: VaultText, sure: boolean, report: Report): void {
    try {
      this.known.outside.openVault(text);
    } catch (error) {
      if (!(error instanceof XrunError)) throw error;
      report(error, sure);
    }
  }
}

const nothingAround = { loops: [], doubtful: false };

/** Notes an error; where it is not `sure` that it comes to it, as a warning. */
type Report = (error: XrunError, sure?: boolean) => void;
