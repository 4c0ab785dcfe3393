import { isMapping } from '../../diagnostics/found.ts';
import { number, text, typeAt, typeOfValue, unknown } from '../../language/jinja/types.ts';
import type { JinjaType } from '../../language/jinja/types.ts';
import type { Translator } from './translator.ts';

/** The translator of a task's texts: it knows what the variables of the task's loop are. */
export function wordsInLoop(words: Translator, task: Record<string, unknown>): Translator {
  const key = Object.keys(task).find((name) => name === 'loop' || name.startsWith('with_'));
  if (key === undefined) return words;
  const control = isMapping(task.loop_control) ? task.loop_control : {};
  const { loop_var: variable = 'item', index_var: index } = control;
  const types: Record<string, JinjaType> = { [String(variable)]: itemOf(key, task[key], words) };
  if (typeof index === 'string') types[index] = number;
  return words.within(types);
}

function itemOf(key: string, value: unknown, words: Translator): JinjaType {
  const over = typeof value === 'string' ? namedType(value, words) : typeOfValue(value);
  if (key === 'with_dict') return { kind: 'mapping', keys: { key: text } };
  if (key === 'loop' || key === 'with_list') return over.item ?? unknown;
  if (key !== 'with_items') return unknown;
  const { item = unknown } = over;
  // It takes the items of lists in a list.
  return item.kind === 'list' ? (item.item ?? unknown) : item;
}

/** What `{{ a.b }}` is. */
function namedType(value: string, words: Translator): JinjaType {
  const [name = '', ...keys] = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(value)?.[1]?.split('.') ?? [];
  return name === '' ? unknown : keys.reduce(typeAt, words.typeOf(name));
}
