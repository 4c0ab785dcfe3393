import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { varsFilesIn } from '../../variables/files-in.ts';
import type { Choice } from '../../variables/files-in.ts';
import type { Task } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { asBoolean, searchPath } from './context.ts';
import type { HostRun } from './host-run.ts';
import { findLocal } from '../action/local-files.ts';
import type { PlayRun } from '../play/play-state.ts';
import { ok } from './result.ts';
import type { TaskResult } from './result.ts';
import type { Run } from '../run/run-state.ts';

/** `include_vars`: touches no host but its variables. */
export async function includeVars(play: PlayRun, task: Task, host: HostRun, scope: Scope): Promise<TaskResult> {
  const { run } = play;
  const args = run.renderer.render(task.args, scope, task.moduleAt) as {
    file?: string;
    dir?: string;
    name?: string;
  } & Choice;
  const name = args.file ?? args.dir;
  if (!name) throw new XrunError('E_ARGUMENT', "include_vars needs 'file' or 'dir'", { at: task.moduleAt });
  const path = await findVars(name, play, task);
  const vars: Record<string, unknown> = {};
  const files = await varsFilesIn(path, args);
  for (const file of files) Object.assign(vars, await readVars(run, file));
  const found = args.name ? { [args.name]: vars } : vars;
  run.vars.includeVars(host.name, { origin: `include_vars ${name}`, vars: found });
  return ok({ ansible_facts: found, ansible_included_var_files: files });
}

/** In the role's vars/ first, then where other files are looked for. */
async function findVars(name: string, play: PlayRun, task: Task): Promise<string> {
  const search = searchPath({ play, task });
  const inVars = await findLocal(join('..', 'vars', name), 'file', search, task.moduleAt).catch(() => undefined);
  return inVars ?? findLocal(name, 'file', search, task.moduleAt);
}

/** A file of variables: a mapping, or E_VARS. */
export async function readVars(run: Run, file: string): Promise<Record<string, unknown>> {
  const text = run.decrypt(await readFile(file, 'utf8'), file);
  const { value } = loadYaml(text, file);
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new XrunError('E_VARS', 'a file of variables has to hold a mapping of names to values', {
    at: { file, line: 1, col: 1 },
  });
}

/** run_once as rendered on the first host. */
export function runsOnce(run: Run, task: Task, scope: Scope): boolean {
  return task.runOnce !== undefined && asBoolean(run, task.runOnce, scope);
}
