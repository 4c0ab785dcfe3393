import { positionOf } from '../../language/yaml/positions.ts';
import type { Fields } from '../keywords/fields.ts';
import { loopOf } from './loop.ts';
import { checkModuleDefaults } from '../keywords/module-defaults.ts';
import type { Loading } from './loading.ts';
import type { Loop, Settings, Inherited, Task } from '../../model/playbook.ts';

/** What tasks, blocks and includes have in common. */
export type NodeParts = Pick<Task, 'id' | 'at' | 'name' | 'tags' | 'when' | 'vars' | 'loop' | 'role'> & Settings;

/** Reads the common part; `inner` are the surroundings with the node's own keywords in. */
export function nodeParts(loading: Loading, fields: Fields, inner: Inherited): NodeParts {
  checkModuleDefaults(loading, fields);
  const at = positionOf(fields.map) ?? fields.keyAt('name');
  const name = fields.text('name');
  const loop: Loop | undefined = loopOf(fields, loading.problems);
  return {
    id: loading.ids.next(at),
    at,
    ...(name && { name }),
    ...inner.settings,
    tags: inner.tags,
    when: inner.when,
    vars: [...inner.roleVars, ...inner.vars],
    ...(loop && { loop }),
    ...(inner.role && { role: inner.role }),
  };
}
