import { didYouMean } from '../../diagnostics/nearest.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Raw, Task, TaskNode } from '../../model/playbook.ts';
import { eachHandler } from '../nodes.ts';
import type { Contents } from './reading/play-contents.ts';

/** Notes what is notified though nothing listens to it. */
export function checkNotify({ nodes, handlers, complete }: Contents, problems: Problems): void {
  const names = eachHandler(handlers).flatMap(namesOf);
  const patterns = names.filter(isTemplate).map(patternOf);
  const known = new Set(names);
  for (const node of nodes) {
    if (node.kind !== 'task') continue;
    for (const { value, at } of node.notify.flatMap((raw) => eachItem(raw, node))) {
      if (
        isTemplate(value) ? mayMean(value, names) : known.has(value) || patterns.some((pattern) => pattern.test(value))
      )
        continue;
      const message = `no handler is called '${value}' and none listens to it`;
      if (complete && node.when.length === 0)
        problems.add('E_NOTIFY', message, at, didYouMean(value, known) ?? listed(names));
      else problems.warn('W_NOTIFY', `${message}, as far as is known before the run`, at, didYouMean(value, known));
    }
  }
}

/** The names that the items of a loop make, where all of them are written there. */
function eachItem(raw: Raw<string>, { loop }: Task): Raw<string>[] {
  const { value: items } = loop?.items ?? {};
  if (
    !loop ||
    isTemplate(loop.loopVar) ||
    !Array.isArray(items) ||
    !items.every((item) => ['string', 'number'].includes(typeof item) && !isTemplate(item))
  )
    return [raw];
  const item = new RegExp(`\\{\\{\\s*${loop.loopVar}\\s*\\}\\}`, 'g');
  return items.map((one) => ({ ...raw, value: raw.value.replaceAll(item, () => String(one)) }));
}

/** Whether a templated name may turn out to be a handler's; of one that is nothing but a template that is not known. */
function mayMean(value: string, names: readonly string[]): boolean {
  const pattern = patternOf(value);
  return /^\s*\{\{[^{}]*\}\}\s*$/.test(value) || names.some((name) => isTemplate(name) || pattern.test(name));
}

function namesOf(handler: TaskNode): string[] {
  const name = handler.name?.value;
  const listen = handler.kind === 'block' ? [] : (handler.listen ?? []);
  return [
    ...(name === undefined ? [] : [name, ...(handler.role ? [`${handler.role.name} : ${name}`] : [])]),
    ...listen,
  ];
}

/** What a templated name may turn out to be. */
function patternOf(name: string): RegExp {
  const parts = name.split(/\{\{.*?\}\}/s).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? 'the play has no handlers'
    : `there are '${[...new Set(names)].slice(0, 8).join("', '")}'`;
}
