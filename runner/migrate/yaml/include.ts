import { isTemplate } from '../../diagnostics/found.ts';
import { shortName } from '../../model/catalog.ts';
import { freeForm } from '../../playbook/keywords/free-form.ts';
import { inLine } from '../edit/scalar.ts';
import type { TaskTools } from './translator.ts';

/** `include` and `static` of old Ansible: an include that is fixed is an import, one that is not stays one. */
export function renewInclude(tools: TaskTools, task: Record<string, unknown>, done: Set<string>): void {
  const key = Object.keys(task).find((name) => shortName(name) === 'include');
  if (key !== undefined) tools.edit.set(task, key, isFixed(task, key) ? 'import_tasks' : 'include_tasks', 'key');
  const imports = Object.keys(task).find((name) => shortName(name) === 'import_tasks' && isTemplate(task[name]));
  if (imports !== undefined) tools.edit.set(task, imports, 'include_tasks', 'key');
  if (Object.hasOwn(task, 'static')) {
    tools.edit.remove(task, 'static');
    done.add('static');
  }
  const including = Object.keys(task).find((name) => /^(include|import)(_tasks)?$/.test(shortName(name)));
  if (including !== undefined) variablesOf(tools, task, including, done);
}

function isFixed(task: Record<string, unknown>, key: string): boolean {
  const fixed = task.static;
  if (typeof fixed === 'boolean') return fixed;
  return !isTemplate(task[key]) && !Object.keys(task).some((name) => name === 'loop' || name.startsWith('with_'));
}

/** `include_tasks: file.yml a=b` gives variables, which have a keyword of their own. */
function variablesOf({ edit, words }: TaskTools, task: Record<string, unknown>, key: string, done: Set<string>): void {
  const value = task[key];
  if (typeof value !== 'string') return;
  const { pairs, rest } = freeForm(value);
  const [file, another] = rest;
  const variables = pairs.filter((pair) => pair.key !== 'file');
  if (variables.length === 0 || !file || another) return;
  const translated = variables.map((pair) => words.text(pair.value));
  if (Object.hasOwn(task, 'vars') || translated.some(({ problems }) => problems.length > 0)) return;
  const entries = variables.map((pair, i) => `${pair.key}: ${inLine(translated[i]?.text ?? '', true)}`);
  edit.insertBefore(task, key, `vars: {${entries.join(', ')}}`);
  edit.set(task, key, words.text(file.text).text);
  done.add(key);
}
