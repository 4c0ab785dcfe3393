import type { Host, Inventory } from '../model/inventory.ts';

/** The names by which the controller is known without an inventory. */
export const implicitHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Whether a name means the controller where the inventory does not have it. */
export function isImplicitHost(name: string): boolean {
  return implicitHosts.has(name);
}

/**
 * A host by its name. One that is not in the inventory has the variables of `all`; the implicit localhost connects
 * without SSH.
 */
export function hostOf(inventory: Inventory, name: string): Host {
  const known = inventory.hosts.get(name);
  if (known) return known;
  const vars = new Map(inventory.allVars ?? []);
  if (isImplicitHost(name))
    vars.set('xrun_connection', [
      ...(vars.get('xrun_connection') ?? []),
      { value: 'local', origin: 'implicit localhost' },
    ]);
  return { name, groups: [], vars };
}
