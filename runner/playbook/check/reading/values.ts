import { isMapping } from '../../../diagnostics/found.ts';
import type { Raw, TaskNode } from '../../../model/playbook.ts';

/** What a node holds that may be a template, as it was written; its name and its variables not. */
export function valuesOf(node: TaskNode): Raw[] {
  const own = Object.values(node).filter((value) => isRaw(value) && value !== node.name) as Raw[];
  const ofLoop = Object.values(node.loop ?? {}).filter(isRaw);
  const args = node.kind === 'task' ? [{ value: node.args, at: node.moduleAt }] : [];
  return [...own, ...node.environment, ...ofLoop, ...args];
}

function isRaw(value: unknown): value is Raw {
  return isMapping(value) && 'value' in value && 'at' in value;
}
