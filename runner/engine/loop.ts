import { XrunError } from '../errors.ts';
import type { Loop } from '../playbook/types.ts';
import type { Scope } from '../vars/types.ts';
import type { Run } from './run-state.ts';

/** One turn of a loop: its variables on top of the task's, and the label it is shown by. */
export interface Turn {
  scope: Scope;
  label?: string;
  item?: unknown;
}

/** The turns of a task's loop; a task without a loop has one. Throws E_LOOP where the items are no list. */
export function itemScopes(run: Run, node: { loop?: Loop }, scope: Scope): Turn[] {
  const { loop } = node;
  if (!loop) return [{ scope }];
  const items = itemsOf(run, loop, scope);
  return items.map((item, index) => {
    const ansible_loop = { index: index + 1, index0: index, first: index === 0, last: index === items.length - 1, length: items.length, revindex: items.length - index, revindex0: items.length - index - 1 };
    const turn = scope.with({ [loop.loopVar]: item, ansible_loop, ...(loop.indexVar && { [loop.indexVar]: index }) });
    return { scope: turn, item, label: labelOf(run, loop, item, turn) };
  });
}

function itemsOf(run: Run, loop: Loop, scope: Scope): unknown[] {
  const items = run.renderer.render(loop.items.value, scope, loop.items.at);
  if (Array.isArray(items)) return loop.flatten ? items.flat() : items;
  if (items !== null && typeof items === 'object') return Object.entries(items).map(([key, value]) => ({ key, value }));
  throw new XrunError('E_LOOP', `a loop needs a list or a mapping, found ${items === null ? 'null' : typeof items} ${JSON.stringify(items)}`, {
    at: loop.items.at,
  });
}

function labelOf(run: Run, loop: Loop, item: unknown, scope: Scope): string {
  const label = loop.label ? run.renderer.render(loop.label.value, scope, loop.label.at) : item;
  const text = typeof label === 'string' ? label : JSON.stringify(label);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
