import { isMapping } from '../../diagnostics/found.ts';
import { joinTypes, list, resultType, typeOfKnownName, typeOfValue } from '../../language/jinja/types.ts';
import type { JinjaType } from '../../language/jinja/types.ts';

/** What variables of a project are, by what its files give them. */
export class Types {
  /** By directory of the role, which knows its own variables best, then by name; '' is for the whole project. */
  readonly #scopes = new Map<string, Map<string, JinjaType>>();

  /** Notes a value that a variable has somewhere. */
  add(file: string, name: string, type: JinjaType): void {
    for (const scope of new Set([roleOf(file), ''])) {
      const names = this.#scopes.get(scope) ?? new Map<string, JinjaType>();
      this.#scopes.set(scope, names);
      const known = names.get(name);
      names.set(name, known ? joinTypes(known, type) : type);
    }
  }

  /** Notes each entry of a mapping of variables. */
  addVars(file: string, vars: unknown): void {
    if (isMapping(vars)) for (const [name, value] of Object.entries(vars)) this.add(file, name, typeOfValue(value));
  }

  /** Notes what tasks register and set, those in blocks too. */
  addTasks(file: string, tasks: unknown): void {
    if (!Array.isArray(tasks)) return;
    for (const task of tasks) if (isMapping(task)) this.#addTask(file, task);
  }

  /** What is known of a variable, read in this file. */
  typeOf(file: string, name: string): JinjaType {
    return this.#scopes.get(roleOf(file))?.get(name) ?? this.#scopes.get('')?.get(name) ?? typeOfKnownName(name);
  }

  #addTask(file: string, task: Record<string, unknown>): void {
    for (const key of ['block', 'rescue', 'always', 'pre_tasks', 'tasks', 'post_tasks', 'handlers'])
      this.addTasks(file, task[key]);
    this.addVars(file, task.vars);
    this.addVars(file, task.set_fact ?? task['ansible.builtin.set_fact']);
    if (typeof task.register === 'string') this.add(file, task.register, resultOf(task));
  }
}

/** A loop's result has those of its turns. */
function resultOf(task: Record<string, unknown>): JinjaType {
  const loops = Object.keys(task).some((key) => key === 'loop' || key.startsWith('with_'));
  if (!loops) return resultType;
  return { kind: 'mapping', keys: { ...resultType.keys, results: { ...list, item: resultType } } };
}

/** The directory of the role that a file belongs to; '' where it belongs to none. */
export function roleOf(file: string): string {
  return /^(.*?)(^|\/)(tasks|handlers|defaults|vars|templates|meta|files)\//.exec(file)?.[1] ?? '';
}
