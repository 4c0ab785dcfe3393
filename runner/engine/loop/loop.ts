import { XrunError } from '../../diagnostics/errors.ts';
import type { Loop } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import { decided, NotKnown, Unknown } from '../../language/values/unknown.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import { asNumber } from '../task/numbers.ts';
import type { PlayRun } from '../play/play-state.ts';
import type { Run } from '../run/run-state.ts';

/** One turn of a loop: its variables on top of the task's, and the label it is shown by. */
export interface Iteration {
  scope: Scope;
  label?: string;
  item?: unknown;
  index?: number;
  /** The loop's variables alone. */
  names?: Record<string, unknown>;
}

/** The turns of a task's loop; a task without a loop has one. Throws E_LOOP where the items are not a list. */
export function itemScopes(run: Run, node: { loop?: Loop }, scope: Scope): Iteration[] {
  const { loop } = node;
  if (!loop) return [{ scope }];
  const items = itemsOf(run, loop, scope);
  const loopVar = nameOfLoop(run, loop, loop.loopVar, scope);
  const indexVar = loop.indexVar && nameOfLoop(run, loop, loop.indexVar, scope);
  return items.map((item, index) => {
    const names = {
      [loopVar]: item,
      ansible_loop_var: loopVar,
      ...(indexVar && { ansible_index_var: indexVar }),
      ansible_loop: place(items, index, !loop.withoutAllItems),
      ...(indexVar && { [indexVar]: index }),
    };
    const turn = scope.with(names);
    return { scope: turn, item, index, names, label: labelOf(run, loop, item, turn) };
  });
}

/** The name of a loop's variable, which may be a template. */
function nameOfLoop(run: Run, { items }: Loop, written: string, scope: Scope): string {
  if (!isTemplate(written)) return written;
  const name = run.renderer.render(written, scope, items.at);
  if (typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name)) return name;
  throw new XrunError(
    'E_LOOP',
    `loop_control: '${written}' gives ${JSON.stringify(name)}, expected a name of letters, digits and _, no digit first`,
    { at: items.at },
  );
}

/** `ansible_loop`: where in the loop a turn is. */
function place(items: readonly unknown[], index: number, all: boolean): Record<string, unknown> {
  const { length } = items;
  return {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index === length - 1,
    length,
    ...(all && { allitems: items }),
    revindex: length - index,
    revindex0: length - index - 1,
    ...(index > 0 && { previtem: items[index - 1] }),
    ...(index < length - 1 && { nextitem: items[index + 1] }),
  };
}

/** From now on a host is in this turn of a loop around its tasks. */
export function enterLoop(play: PlayRun, host: string, names: Record<string, unknown>): void {
  play.loopVars.set(host, [...(play.loopVars.get(host) ?? []), names]);
}

export function leaveLoop(play: PlayRun, host: string): void {
  play.loopVars.get(host)?.pop();
}

/** Milliseconds between two turns, as loop_control says. */
export function pauseOf(run: Run, node: { loop?: Loop }, scope: Scope): number {
  const pause = node.loop?.pause;
  return pause ? asNumber(run, 'pause', pause, scope) * 1000 : 0;
}

function itemsOf(run: Run, loop: Loop, scope: Scope): unknown[] {
  const items = decided(run.renderer.renderOpen(loop.items.value, scope, loop.items.at));
  if (items instanceof Unknown) throw new NotKnown(items.why);
  if (loop.form) return formItems(run, loop, items, scope);
  if (Array.isArray(items)) return items;
  if (items !== null && typeof items === 'object') return Object.entries(items).map(([key, value]) => ({ key, value }));
  throw new XrunError(
    'E_LOOP',
    `a loop needs a list or a mapping, found ${items === null ? 'null' : typeof items} ${JSON.stringify(items)}`,
    {
      at: loop.items.at,
    },
  );
}

/** What `with_FORM` makes of its terms, with the place where it is written in errors. */
function formItems(run: Run, { form = '', items: { at } }: Loop, terms: unknown, scope: Scope): unknown[] {
  try {
    return run.renderer.loopItems(form, terms, scope);
  } catch (error) {
    if (!(error instanceof XrunError) || error.at) throw error;
    throw new XrunError(error.code, error.message, { ...error, at, cause: error });
  }
}

function labelOf(run: Run, loop: Loop, item: unknown, scope: Scope): string {
  const found = loop.label ? run.renderer.renderOpen(loop.label.value, scope, loop.label.at) : item;
  const label = found instanceof Unknown ? found.toJSON() : found;
  const text = typeof label === 'string' ? label : JSON.stringify(label);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
