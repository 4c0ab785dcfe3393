import { XrunError } from '../diagnostics/errors.ts';
import type { AnyModule } from '../model/module.ts';
import { loadModule, moduleNames } from './registry.ts';

const loaded = new Map<string, AnyModule>();

/** Every module that xrun brings, by name and alias; each is loaded when it is first named. */
export const catalog = {
  names: moduleNames,
  facts: 'setup',
  async load(name: string): Promise<AnyModule> {
    const known = loaded.get(name);
    if (known) return known;
    const module = await loadModule(name);
    if (!module) throw new XrunError('E_MODULE', `there is no module '${name}'`);
    loaded.set(name, module);
    return module;
  },
};
