import type { Position } from '../../diagnostics/errors.ts';
import { checkTemplateText } from '../../language/templates/check-calls.ts';
import { eachTemplate } from '../../language/templates/needs/each-template.ts';
import { templateNeeds } from '../../language/templates/needs/needs.ts';
import type { Needs } from '../../language/templates/needs/needs.ts';
import { partialCalls } from '../../language/templates/needs/partial-calls.ts';
import { missingPartialHint } from '../../language/templates/partial-files.ts';
import type { Locate } from '../../language/templates/template.ts';
import type { SourceText } from '../../language/yaml/source-text.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { within } from '../../language/yaml/place.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Play, RoleRef } from '../../model/playbook.ts';
import type { Contents } from './reading/play-contents.ts';
import type { TemplateFile } from './files.ts';
import type { PartialFiles } from './reading/partial-files.ts';
import { valuesOf } from './reading/values.ts';

/** A text that may include partials, and where it would look for them. */
interface Text {
  text: string;
  locate: Locate;
  /** Directories of the role and the playbook. */
  bases: string[];
  /** Partials that the templates around it define. */
  inline?: ReadonlySet<string>;
}

/** Notes missing partials of texts and template files, and errors in those that exist. */
export function checkPartials(
  contents: readonly Contents[],
  templates: readonly TemplateFile[],
  files: PartialFiles,
  problems: Problems,
): void {
  const check = new PartialCheck(files, problems);
  for (const one of contents) for (const text of textsOf(one, templates)) check.text(text);
}

class PartialCheck {
  private readonly files: PartialFiles;
  private readonly problems: Problems;
  private readonly seen = new Set<string>();

  constructor(files: PartialFiles, problems: Problems) {
    this.files = files;
    this.problems = problems;
  }

  text({ text, locate, bases, inline: outer = new Set() }: Text): void {
    const { calls, inline } = partialCalls(text, locate);
    const folders = calls.length > 0 ? this.files.folders(bases, locate(0, 1)) : [];
    for (const { name, at } of calls.filter((call) => !outer.has(call.name))) {
      const source = this.files.find(name, folders);
      if (source) this.file(source, bases, new Set([...outer, ...inline]));
      else this.problems.add('E_TEMPLATE', `there is no partial '${name}'`, at, missingPartialHint(name, folders));
    }
  }

  private file(source: SourceText, bases: string[], inline: ReadonlySet<string>): void {
    const key = JSON.stringify([source.file, bases]);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const { text } = source;
    const locate: Locate = (start, end) => source.pos(start, end);
    this.problems.attempt(() => checkTemplateText(text, locate));
    this.text({ text, locate, bases, inline });
  }
}

function textsOf({ play, nodes, layers }: Contents, templates: readonly TemplateFile[]): Text[] {
  const texts: Text[] = [];
  const add = (value: unknown, at: Position | undefined, bases: string[]) => {
    eachTemplate(value, at, (text, place) =>
      texts.push({ text, locate: (start, end) => place && within(place, start, end), bases }),
    );
  };
  for (const node of nodes) {
    const bases = basesOf(play, node);
    for (const { value, at } of valuesOf(node)) add(value, at, bases);
    for (const { vars } of node.vars) add(vars, positionOf(vars), bases);
    for (const { task, text, source } of templates)
      if (task === node) texts.push({ text, locate: (start, end) => source.pos(start, end), bases });
  }
  // Any role of the play may read these.
  const roles = new Set(nodes.flatMap(({ role }) => (role ? [role.path] : [])));
  for (const { vars } of layers) add(vars, positionOf(vars), [...roles, play.dir]);
  return texts;
}

/** Directories of the role and the playbook, where partials of a node's texts are looked for. */
export function basesOf(play: Play, { role }: { role?: RoleRef }): string[] {
  return [...(role ? [role.path] : []), play.dir];
}

/** Needs with those of the partials that the text includes, and of theirs. */
export function withPartials(
  needs: Needs,
  bases: readonly string[],
  files: PartialFiles,
  seen: ReadonlySet<string> = new Set(),
): Needs {
  const all: Needs = { reads: [...needs.reads], tests: new Set(needs.tests), partials: [] };
  for (const { name, given, near } of needs.partials) {
    const source = files.find(name, files.folders(bases, near()));
    if (!source || seen.has(source.file)) continue;
    const own = templateNeeds(source.text, (start, end) => source.pos(start, end));
    const inner = withPartials(own, bases, files, new Set([...seen, source.file]));
    all.reads.push(...inner.reads.filter((read) => !given.includes(read.name)));
    for (const test of inner.tests) all.tests.add(test);
  }
  return all;
}
