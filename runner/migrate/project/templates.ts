import { basename } from 'node:path/posix';
import { roleOf } from './types.ts';

/** The project's templates by name: those that become `.hbs`, and those that stay. */
export class TemplateNames {
  readonly #files: { role: string; name: string; moved: boolean }[] = [];

  /** Notes what becomes of a file `x.j2`. */
  add(file: string, moved: boolean): void {
    this.#files.push({ role: roleOf(file), name: basename(file), moved });
  }

  /**
   * A text that names a template, `nginx.conf.j2` or `{{ item }}.j2`, as it is afterwards. A role means its own templates
   * where it has one of that name.
   *
   * @param file where the text is
   * @returns the text itself where no such template moves; undefined where some that it may name move and some stay
   */
  renamed(text: string, file: string): string | undefined {
    if (/\bsrc=\S+\.j2\b/.test(text)) return this.#renamedSource(text, file);
    if (!text.endsWith('.j2') || /\s/.test(text.replaceAll(/\{\{.*?\}\}/g, ''))) return text;
    const pattern = patternOf(basename(text.replaceAll(/\{\{.*?\}\}/g, '\0')));
    const all = this.#files.filter(({ name }) => pattern.test(name));
    const own = all.filter(({ role }) => role === roleOf(file));
    const meant = own.length > 0 ? own : all;
    if (!meant.some(({ moved }) => moved)) return text;
    return meant.every(({ moved }) => moved) ? `${text.slice(0, -'.j2'.length)}.hbs` : undefined;
  }

  /** `src=x.j2 dest=y` of a task's one-line form. */
  #renamedSource(text: string, file: string): string | undefined {
    let known = true;
    const renamed = text.replaceAll(/(\bsrc=["']?)([^\s"']+\.j2)\b/g, (_, before: string, name: string) => {
      const found = this.renamed(name, file);
      known &&= found !== undefined;
      return before + (found ?? name);
    });
    return known ? renamed : undefined;
  }
}

/** NUL stands for what a template in the name gives. */
function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('\0', '.*')}$`);
}
