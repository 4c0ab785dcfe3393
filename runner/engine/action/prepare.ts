import { resolve } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { localName } from '../../model/arguments/local.ts';
import type { LocalKind } from '../../model/arguments/local.ts';
import type { AnyModule, DecideContext } from '../../model/module.ts';
import { NulError } from '../../model/script.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import type { Expr } from '../../model/playbook.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { isOmit } from '../../language/values/omit.ts';
import { searchPath } from '../task/context.ts';
import type { TaskContext } from '../task/context.ts';
import { withHostPaths } from './host-paths.ts';
import type { Prepared } from './prepared-ahead.ts';
import { parseArguments } from '../../model/arguments/parse.ts';
import { findLocal, readLocal, readSaved, readTemplate } from './local-files.ts';

/** Renders the arguments, checks them by the module's schema, and reads the controller's files that they name. */
export async function prepare(context: TaskContext): Promise<Prepared> {
  const { task, run } = context;
  const module = await run.modules.load(task.module);
  const rendered = await withHostPaths(context, module, renderArgs(context, module));
  const parsed = parseArguments(module.args, rendered);
  if (!parsed.success) throw argumentError(context, module, parsed.error.issues);
  const args = parsed.data as never;
  try {
    const local = await localFiles(context, module, rendered, parsed.data as Record<string, unknown>);
    for (const secret of module.secrets?.(args) ?? []) run.secrets.add(secret);
    const probe = module.probe?.(args, local);
    const resource = module.resource?.(args);
    return { module, args, local, ...(probe && { probe }), ...(resource && { resource }) };
  } catch (error) {
    if (!(error instanceof NulError)) throw error;
    throw new XrunError('E_ARGUMENT', error.message, { at: task.moduleAt });
  }
}

function renderArgs(context: TaskContext, module: AnyModule): Record<string, unknown> {
  const { task, scope, run } = context;
  const special = new Set([...(module.conditions ?? []), ...(module.evaluates ?? [])]);
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(task.args)) {
    const at = positionOf(task.args, name, 'value') ?? task.moduleAt;
    if (!special.has(name)) {
      // Variables may be given unknown values; everything else that is made of one is unknown as a whole.
      const rendered = module.freeNames
        ? run.renderer.renderOpen(value, scope, at)
        : run.renderer.render(value, scope, at);
      if (!isOmit(rendered)) args[module.freeNames ? renderName(context, name) : name] = rendered;
    } else if (module.conditions?.includes(name)) {
      args[name] = conditions(value, at).map((c) => ({ source: String(c.source), ok: run.renderer.test([c], scope) }));
    } else {
      args[name] = { source: String(value), value: run.renderer.evaluate({ source: String(value), at }, scope) };
    }
  }
  return args;
}

/** The name of a variable that is the user's own. */
function renderName({ run, scope, task }: TaskContext, name: string): string {
  return isTemplate(name)
    ? String(run.renderer.render(name, scope, positionOf(task.args, name, 'key') ?? task.moduleAt))
    : name;
}

function conditions(value: unknown, at: Position): Expr[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((source, i) => ({
    source: source as string | boolean,
    at: (Array.isArray(value) ? positionOf(value, i, 'value') : undefined) ?? at,
  }));
}

async function localFiles(
  context: TaskContext,
  module: AnyModule,
  rendered: Record<string, unknown>,
  args: Record<string, unknown>,
): Promise<DecideContext['local']> {
  const local: DecideContext['local'] = {};
  const saved = module.saves && resolve(context.play.play.dir, module.saves(args as never, context.host.name));
  const there = saved === undefined ? undefined : await readSaved(saved);
  if (there) local.saved = there;
  if (module.localUnless !== undefined && args[module.localUnless] === true) return local;
  for (const [name, kind] of Object.entries(module.local ?? {})) {
    const value = rendered[name];
    const wanted = typeof value === 'string' ? localName(kind, value) : undefined;
    if (wanted === undefined) continue;
    const at = positionOf(context.task.args, name, 'value') ?? context.task.moduleAt;
    const path = await findLocal(wanted, kind, searchPath(context), at);
    local[name] = await localOf(context, kind, path);
    if (wanted.endsWith('/') && 'files' in local[name])
      local[name] = { ...local[name], path: `${path.replace(/\/+$/, '')}/` };
  }
  return local;
}

async function localOf(
  { run, scope }: TaskContext,
  kind: LocalKind,
  path: string,
): Promise<DecideContext['local'][string]> {
  if (kind === 'template') return Buffer.from(run.renderer.renderFile(await readTemplate(path), path, scope));
  if (kind === 'archive') return run.archives.read(path);
  const local = await readLocal(path, kind);
  const manifest = kind === 'image' ? await run.archives.manifest(path) : undefined;
  return manifest === undefined ? local : { ...local, manifest };
}

interface Issue {
  code?: string;
  message: string;
  path: PropertyKey[];
  keys?: string[];
}

/** The first thing that is wrong with the arguments, at its place in the playbook. */
function argumentError(context: TaskContext, module: AnyModule, issues: Issue[]): XrunError {
  const { task } = context;
  const issue = issues[0] as Issue;
  const path = issue.path.map(String);
  const [first] = path;
  const at = (first !== undefined && positionOf(task.args, first, 'value')) || task.moduleAt;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys?.[0] ?? '';
    const known = Object.keys((module.args as { shape?: Record<string, unknown> }).shape ?? {});
    const near = didYouMean(key, known);
    return new XrunError('E_ARGUMENT', `module '${module.name}' has no argument '${[...path, key].join('.')}'`, {
      at: positionOf(task.args, key, 'key') ?? at,
      ...(near && { hint: near }),
    });
  }
  const where = path.length ? `argument '${path.join('.')}' of ` : '';
  return new XrunError('E_ARGUMENT', `${where}module '${module.name}': ${issue.message}`, { at });
}
