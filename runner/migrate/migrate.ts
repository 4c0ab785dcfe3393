import type { JinjaEnvironment } from '../language/jinja/types.ts';
import { convertInventory } from './convert/inventory-file.ts';
import { Templates } from './convert/templates.ts';
import { convertYaml } from './convert/yaml-file.ts';
import type { Remark } from './edit/file-edit.ts';
import type { Plan } from './plan.ts';
import { listTree } from './project/files.ts';
import { helperFiles } from './project/filters.ts';
import { readProject } from './project/project.ts';
import type { Project } from './project/project.ts';
import { TemplateNames } from './project/templates.ts';
import { translatorOf } from './words.ts';
import { validityOf } from './validity.ts';
import type { JudgedArguments } from './yaml/translator.ts';

/**
 * Works out what a role, a playbook or a project of Ansible's is in xrun. Writes nothing.
 *
 * @param path absolute: a directory, or one file
 * @param judged the arguments of modules that are expressions
 * @throws XrunError E_FILE where there is nothing to read
 */
export function planMigration(path: string, judged: JudgedArguments): Plan {
  const tree = listTree(path);
  const project = readProject(tree);
  const plan: Plan = {
    root: tree.root,
    changes: [],
    files: tree.files.map(({ name }) => name),
    links: tree.links,
    remarks: [],
    errors: project.errors,
    expressions: { total: 0, moved: 0 },
    templates: { total: 0, byHand: [] },
    helpers: [],
  };
  new Migration(project, plan, judged).run();
  return plan;
}

class Migration {
  readonly #project: Project;
  readonly #plan: Plan;
  readonly #judged: JudgedArguments;
  readonly #names = new TemplateNames();
  readonly #valid;
  readonly #templates: Templates;
  readonly #filters: ReadonlySet<string>;

  constructor(project: Project, plan: Plan, judged: JudgedArguments) {
    this.#project = project;
    this.#plan = plan;
    this.#judged = judged;
    const filters = project.filters.flatMap((file) => file.filters);
    this.#filters = new Set(filters.map(({ name }) => name));
    this.#valid = validityOf(new Set(filters.map(({ helper }) => helper)));
    this.#templates = new Templates(project, (file) => this.#environment(file), this.#valid.text);
  }

  run(): void {
    this.#convertTemplates();
    for (const file of this.#project.yaml) {
      this.#note(convertYaml(file, this.#words(file.name), this.#judged), file);
    }
    for (const file of this.#project.inventories) this.#note(convertInventory(file, this.#words(file.name)), file);
    const playbooks = this.#project.yaml.filter(({ kind }) => kind === 'plays').map(({ name }) => name);
    for (const { name, text } of helperFiles(this.#project.filters, playbooks)) {
      if (this.#plan.files.includes(name)) continue;
      this.#plan.changes.push({ name, after: text });
      this.#plan.helpers.push(name);
    }
  }

  /** Templates come first: whether a text that names one changes hangs on what became of it. */
  #convertTemplates(): void {
    for (const file of this.#project.templates) {
      const converted = this.#templates.of(file);
      const { templates, changes } = this.#plan;
      templates.total++;
      if (converted.remarks.length > 0) templates.byHand.push(file.name);
      if (file.name.endsWith('.j2')) this.#names.add(file.name, converted.name !== file.name);
      this.#note(converted, file, converted.name);
      if (converted.partial) changes.push({ name: converted.partial.name, after: converted.partial.text });
    }
  }

  #words(file: string): ReturnType<typeof translatorOf> {
    const environment = { ...this.#environment(file), ...this.#templates.namesIn(file) };
    return translatorOf(environment, (text) => this.#names.renamed(text, file), this.#valid);
  }

  #environment(file: string): JinjaEnvironment {
    return { typeOf: (name) => this.#project.types.typeOf(file, name), customFilters: this.#filters };
  }

  #note(
    { text, total, remarks }: { text: string; total: number; remarks: Remark[] },
    file: { name: string; text: string },
    name = file.name,
  ): void {
    const { changes, expressions } = this.#plan;
    if (name !== file.name) changes.push({ name, from: file.name, before: file.text, after: text });
    else if (text !== file.text) changes.push({ name, before: file.text, after: text });
    this.#plan.remarks.push(...remarks);
    expressions.total += total;
    expressions.moved += Math.max(0, total - remarks.length);
  }
}
