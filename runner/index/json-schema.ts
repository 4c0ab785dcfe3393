import { inventorySchema } from './inventory-schema.ts';
import { playbookSchema } from './playbook-schema.ts';

/** JSON Schema for editors. */
export async function jsonSchema(of: 'playbook' | 'inventory'): Promise<Record<string, unknown>> {
  return of === 'playbook' ? playbookSchema() : inventorySchema();
}
