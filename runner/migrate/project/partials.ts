import { basename, dirname, join } from 'node:path/posix';
import type { TextFile } from './project.ts';
import { roleOf } from './types.ts';

/** An `include` of one template in another. */
interface Inclusion {
  from: string;
  /** As the template has it. */
  named: string;
  /** The file that is meant. */
  file: string;
}

const inclusion = /\{%[-+]?\s*include\s+['"]([^'"]+)['"][^%]*%\}/g;

/** The templates that others include, and those that must be in `templates/partials/` for xrun to find them. */
export class Partials {
  readonly #names: ReadonlySet<string>;
  readonly #included: ReadonlySet<string>;
  readonly #places = new Map<string, string>();

  constructor(templates: readonly TextFile[]) {
    this.#names = new Set(templates.map(({ name }) => name));
    const inclusions = templates.flatMap((template) => this.#inclusionsOf(template));
    this.#included = new Set(inclusions.map(({ file }) => file));
    // One that is placed looks for its own partials from its new place.
    for (let placed = -1; placed < this.#places.size;) {
      placed = this.#places.size;
      for (const each of inclusions)
        if (!this.#isFound(each)) this.#places.set(each.file, partialPath(each.file, partialOf(each.file)));
    }
  }

  /** The file that a text of another file means by the name of a template, as Ansible looks for it. */
  find(named: string, from: string): string | undefined {
    const role = roleOf(from);
    const folders = [dirname(from), join(role, 'templates'), role, join(dirname(from), 'templates')];
    return folders.map((folder) => join(folder, named)).find((file) => this.#names.has(file));
  }

  isIncluded(file: string): boolean {
    return this.#included.has(file);
  }

  /** Where a template must be as a partial; undefined where its own place will do. */
  placeOf(file: string): string | undefined {
    return this.#places.get(file);
  }

  /** The name by which a template is included afterwards. */
  nameOf(file: string, named: string): string {
    return this.#places.has(file) ? partialOf(file) : plainName(named);
  }

  #inclusionsOf({ name: from, text }: TextFile): Inclusion[] {
    return [...text.matchAll(inclusion)].flatMap(([, named = '']) => {
      const file = this.find(named, from);
      return file === undefined ? [] : [{ from, named, file }];
    });
  }

  #isFound({ from, named, file }: Inclusion): boolean {
    if (this.#places.has(file)) return true;
    const folder = dirname(this.#places.get(from) ?? from);
    const name = plainName(named);
    const places = [join(folder, 'partials', `${name}.hbs`), join(folder, `${name}.hbs`), partialPath(file, name)];
    return places.includes(file.replace(/\.j2$/, '.hbs'));
  }
}

/** Whether something else than an `include` names a template: it is needed at its own place then. */
export function isNamed(file: string, texts: readonly TextFile[]): boolean {
  return texts.some(({ text }) => text.replaceAll(inclusion, '').includes(basename(file)));
}

function plainName(named: string): string {
  return named.replace(/^\.\//, '').replace(/\.j2$/, '');
}

/** The name of a partial: its path below the role's templates. */
function partialOf(file: string): string {
  const templates = `${join(roleOf(file), 'templates')}/`;
  return plainName(file.startsWith(templates) ? file.slice(templates.length) : basename(file));
}

function partialPath(file: string, name: string): string {
  return join(roleOf(file), 'templates', 'partials', `${name}.hbs`);
}
