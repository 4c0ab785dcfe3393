import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { varsFilesIn } from '../../variables/files-in.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import { Loading } from '../parse/loading.ts';
import type { LoadOptions } from '../parse/loading.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import { readVars } from '../parse/role.ts';
import type { Play, Task, VarsLayer } from '../../model/playbook.ts';
import type { Around, Contents } from './reading/play-contents.ts';
import type { FindLocal } from './files.ts';
import type { ExternalContext } from './outside.ts';

/** What each `include_vars` reads; tasks whose files only the run can know are not in it. */
export type IncludedVars = ReadonlyMap<Task, VarsLayer>;

/**
 * Reads the files that `include_vars` names without a template, and notes errors in them. One that does not exist is an
 * error where the task is certain to look for it, and a warning where it may not: it has a condition, say, or an
 * earlier task may make the file.
 */
export async function checkIncludedVars(
  contents: readonly Contents[],
  options: LoadOptions & { outside?: ExternalContext },
  find: FindLocal,
  problems: Problems,
): Promise<IncludedVars> {
  const included = new Map<Task, VarsLayer>();
  const hostsHere = new Set(options.outside?.variables).has('xrun_connection');
  let mayBeMade = false;
  for (const { play, nodes, around } of contents) {
    const here = hostsHere || play.connection !== undefined || /localhost|127\.0\.0\.1|::1/.test(play.hosts.value);
    for (const task of nodes) {
      if (task.kind !== 'task') continue;
      mayBeMade ||= actsHere(task, here);
      if (task.traits.changesVariables !== 'files') continue;
      const reading = new Reading(play, task, options, find);
      const layer = await reading.layer().catch((error: unknown) => reading.missing(error));
      if (layer) included.set(task, layer);
      const sure = !mayBeMade && isCertain(task, around.get(task));
      if (!isForgiven(task, around.get(task))) reading.report(sure, problems);
    }
  }
  return included;
}

/** Whether a task may leave a file on the controller; `here`: its hosts may be the controller itself. */
function actsHere({ traits, delegateTo, connection }: Task, here: boolean): boolean {
  if (traits.effects === 'none') return false;
  return here || delegateTo !== undefined || connection !== undefined || traits.effects === 'controller';
}

function isCertain({ when, tags, failedWhen }: Task, around: Around | undefined): boolean {
  return when.length === 0 && failedWhen.length === 0 && !tags.includes('never') && around?.doubtful !== true;
}

/** That it fails may be what the author reckons with. */
function isForgiven({ ignoreErrors }: Task, around: Around | undefined): boolean {
  return (ignoreErrors !== undefined && ignoreErrors.value !== false) || around?.rescued === true;
}

class Reading {
  private readonly task: Task;
  private readonly search: Parameters<FindLocal>[2];
  private readonly loading: Loading;
  private readonly find: FindLocal;
  private notFound: XrunError | undefined;

  constructor(play: Play, task: Task, options: LoadOptions, find: FindLocal) {
    this.task = task;
    this.loading = new Loading(options);
    this.search = {
      dir: play.dir,
      ...(task.role && { role: task.role.path }),
      taskFile: this.loading.absolute(task.at),
    };
    this.find = find;
  }

  async layer(): Promise<VarsLayer | undefined> {
    const { args } = this.task;
    const key = args.file === undefined ? 'dir' : 'file';
    const written = args[key];
    if (
      typeof written !== 'string' ||
      isTemplate(written) ||
      Object.values(args).some((value) => isTemplate(JSON.stringify(value)))
    )
      return undefined;
    const vars: Record<string, unknown>[] = [];
    const at = positionOf(args, key) ?? this.task.moduleAt;
    for (const file of await varsFilesIn(await this.path(written, at), args))
      vars.push((await readVars(this.loading, file, at)) ?? {});
    if (this.loading.problems.errors.length > 0) return undefined;
    const [only = {}, ...others] = vars;
    const all = others.length === 0 ? only : Object.assign({}, only, ...others);
    return { origin: `include_vars ${written}`, vars: typeof args.name === 'string' ? { [args.name]: all } : all };
  }

  /** Keeps the error of a file that does not exist. */
  missing(error: unknown): undefined {
    if (!(error instanceof XrunError)) throw error;
    this.notFound = error;
  }

  /** Notes what was found wrong; `sure` where the task cannot but read the file. */
  report(sure: boolean, problems: Problems): void {
    // A secret that may never be read needs no password.
    problems.errors.push(...this.loading.problems.errors.filter(({ code }) => sure || code !== 'E_VAULT'));
    if (!this.notFound) return;
    const { code, message, at, hint } = this.notFound;
    if (sure) problems.add(code, message, at, hint);
    else problems.warn('W_LOCAL_FILE', `${message}, as far as is known before the run`, at, hint);
  }

  /** In the role's vars/ first, then where other files are looked for. */
  private async path(name: string, at: Position): Promise<string> {
    const inVars = await this.find(join('..', 'vars', name), 'file', this.search, at).catch(() => undefined);
    return inVars ?? this.find(name, 'file', this.search, at).catch((error: XrunError) => this.nearest(name, error));
  }

  private async nearest(name: string, error: XrunError): Promise<never> {
    const { role, taskFile, dir } = this.search;
    const bases = [...(role === undefined ? [] : [role]), dirname(taskFile), dir];
    const names = await Promise.all(bases.flatMap((base) => [join(base, 'vars'), base]).map(namesIn));
    const hint = didYouMean(name, names.flat()) ?? error.hint;
    throw new XrunError(error.code, error.message, { ...error, ...(hint && { hint }) });
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
}
