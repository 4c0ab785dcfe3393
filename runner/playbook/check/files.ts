import { readFileSync } from 'node:fs';
import type { Position } from '../../diagnostics/errors.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { SourceText } from '../../language/yaml/source-text.ts';
import { checkTemplateText } from '../../language/templates/check-calls.ts';
import { localName } from '../../model/arguments/local.ts';
import type { LocalKind } from '../../model/arguments/local.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import type { LoadOptions } from '../parse/loading.ts';
import { Loading } from '../parse/loading.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Task } from '../../model/playbook.ts';
import { tasksOf } from './reading/play-contents.ts';
import type { Contents } from './reading/play-contents.ts';

/** Where a task looks for files of the controller; the path of the one found, or E_LOCAL_FILE. */
export type FindLocal = (
  name: string,
  kind: LocalKind,
  search: { dir: string; role?: string; taskFile: string },
  at: Position,
) => Promise<string>;

/** A template that a task renders. */
export interface TemplateFile {
  task: Task;
  text: string;
  /** Places in it. */
  source: SourceText;
}

/** Notes files and templates that are not there, and templates that cannot be parsed; returns the templates. */
export async function checkFiles(
  contents: readonly Contents[],
  options: LoadOptions,
  find: FindLocal,
  problems: Problems,
): Promise<TemplateFile[]> {
  const loading = new Loading(options);
  const templates: TemplateFile[] = [];
  for (const { play, task } of contents.flatMap((one) => tasksOf(one).map((task) => ({ play: one.play, task })))) {
    const module = options.modules.names.includes(task.module) ? await options.modules.load(task.module) : undefined;
    for (const [name, kind] of Object.entries(module?.local ?? {})) {
      const value = task.args[name];
      if (typeof value !== 'string' || value === '' || isTemplate(value) || isElsewhere(task, module?.localUnless))
        continue;
      const at = positionOf(task.args, name) ?? task.moduleAt;
      const search = { dir: play.dir, ...(task.role && { role: task.role.path }), taskFile: loading.absolute(task.at) };
      const wanted = nameIn(kind, value);
      if (wanted === undefined) continue;
      const path = await find(wanted, kind, search, at).catch((error: unknown) => void problems.caught(error));
      if (path !== undefined && kind === 'template') templates.push(await readTemplate(path, task, loading));
    }
  }
  for (const { text, source } of templates)
    problems.attempt(() => checkTemplateText(text, (start, end) => source.pos(start, end)));
  return templates;
}

/** The file is the host's own, or that is decided when the task runs. */
function isElsewhere({ args }: Task, unless: string | undefined): boolean {
  return unless !== undefined && args[unless] !== undefined && args[unless] !== false;
}

/** Undefined also where the schema has something to say against the value. */
function nameIn(kind: LocalKind, value: string): string | undefined {
  try {
    return localName(kind, value);
  } catch {
    return undefined;
  }
}

async function readTemplate(path: string, task: Task, loading: Loading): Promise<TemplateFile> {
  const text = readFileSync(path, 'utf8');
  return { task, text, source: new SourceText(loading.shown(path), text) };
}
