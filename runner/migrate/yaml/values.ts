import { isMapping } from '../../diagnostics/found.ts';
import type { FileEdit } from '../edit/file-edit.ts';
import type { Translator } from './translator.ts';

/** Translates every text in what is at `key`; tagged texts (`!vault`, `!unsafe`) stay as they are. */
export function translateAt(edit: FileEdit, container: object, key: string | number, words: Translator): void {
  const value = (container as Record<string | number, unknown>)[key];
  edit.enter(container, key);
  if (typeof value === 'string') edit.translate(container, key, words.text);
  else translateIn(edit, value, words);
}

/** Translates every text in a list or a mapping, its keys too. */
export function translateIn(edit: FileEdit, value: unknown, words: Translator): void {
  if (Array.isArray(value)) for (const index of value.keys()) translateAt(edit, value, index, words);
  if (!isMapping(value)) return;
  for (const key of Object.keys(value)) {
    if (key.includes('{{')) translateKey(edit, value, key, words);
    translateAt(edit, value, key, words);
  }
}

/** Translates an expression, or a list of them. */
export function translateConditions(edit: FileEdit, container: object, key: string | number, words: Translator): void {
  const value = (container as Record<string | number, unknown>)[key];
  edit.enter(container, key);
  if (typeof value === 'string') edit.translate(container, key, words.condition);
  else if (Array.isArray(value)) for (const index of value.keys()) translateConditions(edit, value, index, words);
}

function translateKey(edit: FileEdit, mapping: object, key: string, words: Translator): void {
  const { text, total, problems } = words.text(key);
  edit.total += total;
  for (const { code, message } of problems) edit.remark(mapping, key, code, message);
  if (problems.length === 0 && text !== key) edit.set(mapping, key, text, 'key');
}
