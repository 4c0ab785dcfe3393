import { didYouMean } from '../../diagnostics/nearest.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { moduleNamed, shortName } from '../../model/catalog.ts';
import type { Fields } from './fields.ts';
import { found, isMapping } from '../../diagnostics/found.ts';
import type { Loading } from '../parse/loading.ts';

/** Notes modules of `module_defaults` that there are not; the arguments are checked with the tasks that get them. */
export function checkModuleDefaults(loading: Loading, fields: Fields): void {
  const defaults = fields.get('module_defaults');
  if (!isMapping(defaults)) return;
  const { modules } = loading.options;
  for (const [name, args] of Object.entries(defaults)) {
    if (name.startsWith('group/')) {
      loading.problems.add(
        'E_MODULE',
        `groups of modules are not supported: '${name}'`,
        positionOf(defaults, name, 'key'),
        'Name each module.',
      );
    } else if (!moduleNamed(modules, name)) {
      loading.problems.add(
        'E_MODULE',
        `unknown module '${name}'`,
        positionOf(defaults, name, 'key'),
        didYouMean(shortName(name), modules.names),
      );
    } else if (!isMapping(args)) {
      loading.problems.add(
        'E_TYPE',
        `found ${found(args)}, expected a mapping of arguments`,
        positionOf(defaults, name),
      );
    }
  }
}
