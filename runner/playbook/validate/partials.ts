import { readFileSync } from 'node:fs';
import type { Pos } from '../../errors.ts';
import { checkTemplateText } from '../../vars/check-calls.ts';
import { eachTemplate } from '../../vars/each-template.ts';
import { partialCalls } from '../../vars/partial-calls.ts';
import { missingPartialHint, partialFolders, partialPaths } from '../../vars/partial-files.ts';
import type { Locate } from '../../vars/template.ts';
import { SourceText } from '../../yaml/source-text.ts';
import { positionOf } from '../../yaml/positions.ts';
import { within } from '../../yaml/place.ts';
import { Loading } from '../loading.ts';
import type { LoadOptions } from '../loading.ts';
import type { Problems } from '../problems.ts';
import { isFile } from '../role-files.ts';
import type { Contents } from './contents.ts';
import type { TemplateFile } from './files.ts';
import { valuesOf } from './values.ts';

/** A text that may take in partials, and where it would look for them. */
interface Text {
  text: string;
  locate: Locate;
  /** Directories of the role and the playbook. */
  bases: string[];
  /** Partials that the templates around it define. */
  inline?: ReadonlySet<string>;
}

/** Notes partials that texts and template files take in and that there are not, and mistakes in those that there are. */
export async function checkPartials(contents: readonly Contents[], templates: readonly TemplateFile[], options: LoadOptions, problems: Problems): Promise<void> {
  const check = new PartialCheck(new Loading(options), problems);
  for (const one of contents) for (const text of textsOf(one, templates)) await check.text(text);
}

class PartialCheck {
  private readonly loading: Loading;
  private readonly problems: Problems;
  private readonly seen = new Set<string>();

  constructor(loading: Loading, problems: Problems) {
    this.loading = loading;
    this.problems = problems;
  }

  async text({ text, locate, bases, inline: outer = new Set() }: Text): Promise<void> {
    const { calls, inline } = partialCalls(text, locate);
    const near = locate(0, 1);
    const folders = calls.length > 0 ? partialFolders(bases, near && this.loading.absolute(near)) : [];
    for (const { name, at } of calls.filter((call) => !outer.has(call.name))) {
      const file = partialPaths(name, folders).find(isFile);
      if (file !== undefined) await this.file(file, bases, new Set([...outer, ...inline]));
      else this.problems.add('E_TEMPLATE', `there is no partial '${name}'`, at, missingPartialHint(name, folders));
    }
  }

  private async file(file: string, bases: string[], inline: ReadonlySet<string>): Promise<void> {
    const key = JSON.stringify([file, bases]);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const text = readFileSync(file, 'utf8');
    const source = new SourceText(this.loading.shown(file), text);
    const locate: Locate = (start, end) => source.pos(start, end);
    this.problems.attempt(() => checkTemplateText(text, locate));
    await this.text({ text, locate, bases, inline });
  }
}

function textsOf({ play, nodes, layers }: Contents, templates: readonly TemplateFile[]): Text[] {
  const texts: Text[] = [];
  const add = (value: unknown, at: Pos | undefined, bases: string[]) => {
    eachTemplate(value, at, (text, place) => texts.push({ text, locate: (start, end) => place && within(place, start, end), bases }));
  };
  for (const node of nodes) {
    const bases = [...(node.role ? [node.role.path] : []), play.dir];
    for (const { value, at } of valuesOf(node)) add(value, at, bases);
    for (const { vars } of node.vars) add(vars, positionOf(vars), bases);
    for (const { task, text, source } of templates) if (task === node) texts.push({ text, locate: (start, end) => source.pos(start, end), bases });
  }
  // Any role of the play may read these.
  const roles = new Set(nodes.flatMap(({ role }) => (role ? [role.path] : [])));
  for (const { vars } of layers) add(vars, positionOf(vars), [...roles, play.dir]);
  return texts;
}
