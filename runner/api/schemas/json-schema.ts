import { z } from 'zod';
import { configSchema } from '../../plugins/config/shape.ts';
import { inventorySchema } from './inventory-schema.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import { playbookSchema } from './playbook-schema.ts';
import { eventSchema } from '../../reporters/jsonl-schema.ts';

/** What there is a JSON Schema of. */
export type Described = 'playbook' | 'inventory' | 'config' | 'events';

/** JSON Schema for editors and programs; of a playbook with the modules that there are, of events for one line. */
export async function jsonSchema(of: Described, modules?: ModuleCatalog): Promise<Record<string, unknown>> {
  switch (of) {
    case 'playbook':
      return playbookSchema(modules);
    case 'inventory':
      return inventorySchema();
    case 'config':
      return configSchema();
    case 'events':
      return { title: 'xrun event', ...z.toJSONSchema(eventSchema, { io: 'input' }) };
  }
}
