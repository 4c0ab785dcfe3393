import { didYouMean } from '../nearest.ts';
import { positionOf } from '../yaml/positions.ts';
import { moduleNamed, shortName } from './catalog.ts';
import type { Fields } from './fields.ts';
import { found, isMapping } from './found.ts';
import type { Loading } from './loading.ts';

/** Notes modules of `module_defaults` that there are not; the arguments are checked with the tasks that get them. */
export function checkModuleDefaults(loading: Loading, fields: Fields): void {
  const defaults = fields.get('module_defaults');
  if (!isMapping(defaults)) return;
  const { modules } = loading.options;
  for (const [name, args] of Object.entries(defaults)) {
    if (name.startsWith('group/')) {
      loading.problems.add('E_MODULE', `there are no groups of modules: '${name}'`, positionOf(defaults, name, 'key'), 'name each module');
    } else if (!moduleNamed(modules, name)) {
      loading.problems.add('E_MODULE', `unknown module '${name}'`, positionOf(defaults, name, 'key'), didYouMean(shortName(name), modules.names));
    } else if (!isMapping(args)) {
      loading.problems.add('E_TYPE', `found ${found(args)}, wanted a mapping of arguments`, positionOf(defaults, name));
    }
  }
}
