import { isMapping } from '../found.ts';
import type { Problems } from '../problems.ts';
import { tasksOf } from './contents.ts';
import type { Contents } from './contents.ts';
import type { TemplateFile } from './files.ts';
import type { IncludedVars } from './included-vars.ts';

/**
 * Warns of results that are kept though nothing reads them. Any mention of the name counts as reading, and whoever takes
 * `hostvars` as a whole reads everything.
 */
export function checkRegisters(contents: readonly Contents[], templates: readonly TemplateFile[], included: IncludedVars, problems: Problems): void {
  if (contents.some(({ complete }) => !complete)) return;
  const words = new Set(templates.flatMap(({ text }) => wordsOf(text)));
  for (const { vars } of included.values()) collect(vars, words);
  for (const { nodes, layers } of contents) {
    for (const layer of layers) collect(layer.vars, words);
    for (const node of nodes) collect(node, words);
  }
  if (words.has(everything)) return;
  for (const task of contents.flatMap(tasksOf)) {
    if (task.register === undefined || words.has(task.register)) continue;
    problems.warn('W_REGISTER', `nothing reads '${task.register}'`, task.registerAt ?? task.at, 'remove the line, or read it in a condition');
  }
}

function collect(value: unknown, words: Set<string>): void {
  if (typeof value === 'string') for (const word of wordsOf(value)) words.add(word);
  else if (Array.isArray(value)) for (const item of value) collect(item, words);
  else if (isMapping(value)) for (const [key, item] of Object.entries(value)) if (!ignored.has(key)) collect(item, words);
}

/** Parts of nodes that hold no text of the user's, or nodes of their own. */
const ignored = new Set(['at', 'moduleAt', 'register', 'registerAt', 'role', 'id', 'included', 'block', 'rescue', 'always']);

function wordsOf(text: string): string[] {
  const words = text.match(/[A-Za-z_]\w*/g) ?? [];
  return /\bhostvars\b(?!\s*[.[])/.test(text) ? [...words, everything] : words;
}

const everything = '*';
