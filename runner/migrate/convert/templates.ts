import { renamedTemplate } from '../../language/jinja/types.ts';
import type { JinjaEnvironment, TemplateUse } from '../../language/jinja/types.ts';
import { isNamed, Partials } from '../project/partials.ts';
import type { Project, TextFile } from '../project/project.ts';
import { convertTemplateFile } from './template-file.ts';
import type { ConvertedTemplate } from './template-file.ts';

/** What a file's environment is apart from the names of templates. */
export type EnvironmentOf = (file: string) => JinjaEnvironment;

/** Moves a project's templates over: one that others include or look up before those, as they stay where it stays. */
export class Templates {
  readonly #files: ReadonlyMap<string, TextFile>;
  readonly #partials: Partials;
  readonly #texts: readonly TextFile[];
  readonly #environmentOf: EnvironmentOf;
  readonly #valid: (text: string) => boolean;
  /** Undefined for one that is under way. */
  readonly #converted = new Map<string, ConvertedTemplate | undefined>();

  constructor({ templates, yaml }: Project, environmentOf: EnvironmentOf, valid: (text: string) => boolean) {
    this.#files = new Map(templates.map((file) => [file.name, file]));
    this.#partials = new Partials(templates);
    this.#texts = [...yaml, ...templates];
    this.#environmentOf = environmentOf;
    this.#valid = valid;
  }

  /** What became of a template. */
  of(file: TextFile): ConvertedTemplate {
    const known = this.#converted.get(file.name);
    if (known) return known;
    this.#converted.set(file.name, undefined);
    const place = this.#partials.placeOf(file.name);
    const included = this.#partials.isIncluded(file.name);
    const alone = place !== undefined && isNamed(file.name, this.#texts);
    const converted = this.#convert(file, included && !alone, alone ? undefined : place);
    const partial = alone && converted.remarks.length === 0 ? this.#convert(file, true, place) : undefined;
    const result = { ...converted, ...(partial && { partial }) };
    this.#converted.set(file.name, result);
    return result;
  }

  /** What the templates are called afterwards that a file's texts include or look up. */
  namesIn(from: string): Pick<JinjaEnvironment, 'templateName'> {
    return {
      templateName: (named, use) => {
        const name = this.#partials.find(named, from);
        const file = name === undefined ? undefined : this.#files.get(name);
        if (!file) return renamedTemplate(named, use);
        if (this.#stays(file)) return undefined;
        return this.#nameOf(file, named, use);
      },
    };
  }

  #stays(file: TextFile): boolean {
    if (this.#converted.has(file.name) && !this.#converted.get(file.name)) return false;
    return this.of(file).remarks.length > 0;
  }

  #nameOf({ name }: TextFile, named: string, use: TemplateUse): string {
    return use === 'include' ? this.#partials.nameOf(name, named) : renamedTemplate(named, use);
  }

  #convert(file: TextFile, included: boolean, place: string | undefined): ConvertedTemplate {
    const environment = { ...this.#environmentOf(file.name), ...this.namesIn(file.name), included };
    return convertTemplateFile(file, environment, this.#valid, place);
  }
}
