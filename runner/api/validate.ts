import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import { load } from './load.ts';
import type { LoadRequest } from './request.ts';
import { checkLogins } from './describe/logins.ts';

/** Everything that is wrong, and what is probably not meant. */
export interface Findings {
  errors: XrunError[];
  warnings: XrunError[];
}

/** Checks playbooks and inventories as a run would before its first connection, and makes none. */
export async function validate(request: LoadRequest): Promise<Findings> {
  const warnings: XrunError[] = [];
  try {
    const loaded = await load(request, { withoutInventory: request.inventories.length === 0, warnings });
    if (loaded.inventories.length > 0) checkLogins(loaded, request);
    return { errors: [], warnings };
  } catch (error) {
    if (error instanceof XrunErrors) return { errors: [...error.errors], warnings };
    if (error instanceof XrunError) return { errors: [error], warnings };
    throw error;
  }
}
