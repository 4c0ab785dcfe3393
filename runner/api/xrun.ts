// The public entry point `xrun`: reads and checks playbooks and inventories, runs them, and describes what they may hold.
import { load as readAll } from './load.ts';
import type { LoadRequest } from './request.ts';
import { jsonSchema } from './schemas/json-schema.ts';
import { moduleDocs } from './schemas/module-docs.ts';
import { projectModules } from './schemas/project-docs.ts';
import type { ModuleDocs } from './schemas/module-docs.ts';
import { outlineOf } from './describe/outline.ts';
import type { PlayOutline } from './describe/outline.ts';
import type { XrunError } from '../diagnostics/errors.ts';

export { XrunError, XrunErrors, formatPosition } from '../diagnostics/errors.ts';
export type { Position } from '../diagnostics/errors.ts';
export type { Diff, Event, Failure, Matrix, MatrixCell, Reporter, Stats, Status, TaskRef } from '../model/events.ts';
export { exec, run, validate } from './index.ts';
export type {
  AdHocModule,
  ConnectionOptions,
  ExecOptions,
  ExecTask,
  Findings,
  RunOptions,
  RunSummary,
} from './index.ts';
export type { ArgumentDocs, ModuleDocs } from './schemas/module-docs.ts';
export type { LoadRequest } from './request.ts';
export type { PlayOutline, TaskOutline } from './describe/outline.ts';

/** What a run would be made of. */
export interface Project {
  plays: PlayOutline[];
  /** Hosts by group; `all` has every one. */
  groups: Record<string, string[]>;
  /** What works but is probably not meant. */
  warnings: XrunError[];
}

/** Reads and checks everything that a run needs; no host is touched. Throws XrunErrors with everything that is wrong. */
export async function load(request: LoadRequest): Promise<Project> {
  const loaded = await readAll(request);
  const groups = Object.fromEntries([...loaded.inventory.groups.values()].map(({ name, hosts }) => [name, [...hosts]]));
  return { plays: outlineOf(loaded, request), groups, warnings: loaded.warnings };
}

/** What playbooks may hold: every module with its arguments, and the JSON Schemas of a playbook and an inventory. */
export interface Description {
  modules: ModuleDocs[];
  schemas: { playbook: Record<string, unknown>; inventory: Record<string, unknown> };
}

/** Describes the modules there are, drawn from the definitions that validate and run them; with `cwd` those of its plugins too. */
export async function describe({ cwd }: { cwd?: string } = {}): Promise<Description> {
  const from = cwd === undefined ? undefined : await projectModules(cwd);
  const [modules, playbook, inventory] = await Promise.all([
    moduleDocs(undefined, from),
    jsonSchema('playbook', from),
    jsonSchema('inventory'),
  ]);
  return { modules, schemas: { playbook, inventory } };
}
