import type { XrunError } from '../diagnostics/errors.ts';
import type { AnyModule } from './module.ts';

/** The modules that playbooks may name. */
export interface ModuleCatalog {
  /** Every name, aliases included. */
  names: readonly string[];
  /** The one that gathers facts. */
  facts: string;
  /** The module of one of `names`, loaded when it is first asked for. */
  load(name: string): Promise<AnyModule>;
  /** Adds the plugins of a role, and returns what is wrong with them. */
  addFrom?(directory: string): Promise<readonly XrunError[]>;
}

/**
 * The catalog's name for what a task is called by: the name itself, or the last part of a collection's name
 * (`ansible.builtin.copy`, `community.docker.docker_network`). Undefined where the module does not exist.
 */
export function moduleNamed(catalog: ModuleCatalog, written: string): string | undefined {
  const name = shortName(written);
  return catalog.names.includes(name) ? name : undefined;
}

/** `copy` of `ansible.builtin.copy`. */
export function shortName(written: string): string {
  return /^[a-z_][a-z0-9_]*(\.[a-z0-9_]+){2,}$/i.test(written) ? written.slice(written.lastIndexOf('.') + 1) : written;
}
