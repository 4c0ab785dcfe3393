import { configSchema } from '../../plugins/config/shape.ts';
import { inventorySchema } from './inventory-schema.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import { playbookSchema } from './playbook-schema.ts';

/** JSON Schema for editors; of a playbook with the modules that there are. */
export async function jsonSchema(
  of: 'playbook' | 'inventory' | 'config',
  modules?: ModuleCatalog,
): Promise<Record<string, unknown>> {
  if (of === 'config') return configSchema();
  return of === 'playbook' ? playbookSchema(modules) : inventorySchema();
}
