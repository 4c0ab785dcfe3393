import { isMapping } from '../../diagnostics/found.ts';
import { shortName } from '../../model/catalog.ts';
import { renewArguments, renewedText } from './arguments.ts';
import { renewKeywords } from './keywords.ts';
import { wordsInLoop } from './loops.ts';
import type { TaskTools } from './translator.ts';
import { translateAt, translateConditions } from './values.ts';

type Task = Record<string, unknown>;

const conditionKeywords = new Set(['when', 'until', 'changed_when', 'failed_when']);
const lists = new Set(['block', 'rescue', 'always']);

/** Moves a list of tasks over, with the blocks in it. */
export function migrateTasks(tools: TaskTools, tasks: unknown): void {
  if (!Array.isArray(tasks)) return;
  for (const task of tasks) if (isMapping(task)) migrateTask(tools, task);
}

function migrateTask(file: TaskTools, task: Task): void {
  const tools = { ...file, words: wordsInLoop(file.words, task) };
  const done = renewKeywords(tools, task);
  for (const key of Object.keys(task)) {
    if (done.has(key)) continue;
    if (lists.has(key)) migrateTasks(tools, task[key]);
    else if (conditionKeywords.has(key)) translateConditions(tools.edit, task, key, tools.words);
    else migrateValue(tools, task, key);
  }
}

/** A module's arguments, or the value of a keyword. */
function migrateValue(tools: TaskTools, task: Task, key: string): void {
  const module = shortName(key);
  const value = task[key];
  renewArguments(tools, task, key, module);
  if (typeof value === 'string' && renewedText(value, module) !== value) {
    tools.edit.translate(task, key, (text, quote) => tools.words.text(renewedText(text, module), quote));
    return;
  }
  const judged = tools.judged.get(module);
  if (!judged || !isMapping(value)) {
    translateAt(tools.edit, task, key, tools.words);
    return;
  }
  for (const name of Object.keys(value)) {
    if (judged.has(name)) translateConditions(tools.edit, value, name, tools.words);
    else translateAt(tools.edit, value, name, tools.words);
  }
}
