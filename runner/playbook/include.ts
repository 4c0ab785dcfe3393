import { XrunError } from '../diagnostics/errors.ts';
import { keepPositions } from '../language/yaml/positions.ts';
import { Fields } from './keywords/fields.ts';
import { findTaskFile } from './parse/include-task.ts';
import { importKeywords } from './keywords/keywords.ts';
import { Loading } from './parse/loading.ts';
import type { LoadOptions } from './parse/loading.ts';
import { includedRole } from './parse/role.ts';
import { newFrame, surround } from './parse/surroundings.ts';
import { TaskIds } from './parse/task-ids.ts';
import { taskReader } from './parse/task-list.ts';
import type { Include, Inherited, TaskNode, VarsLayer } from '../model/playbook.ts';

/** How deep includes may nest: deeper than any use, and below what memory allows. */
const deepest = 100;

/** What an include brought. */
export interface Included {
  tasks: TaskNode[];
  handlers: TaskNode[];
  /** Defaults and variables of the roles in it, for the rest of the play. */
  defaults: VarsLayer[];
  vars: VarsLayer[];
}

/**
 * Loads what an include names, when a run gets there. The same include and target give the same ids again. With a
 * condition it may include the file that it is in, for the condition may end that.
 *
 * @param target the file's or role's name, rendered
 * @throws XrunErrors as `loadPlaybook` does; XrunError E_CYCLE where includes never end
 */
export async function loadInclude(
  include: Include,
  target: string,
  options: LoadOptions & { tasksFrom?: string },
): Promise<Included> {
  const { around: outer } = include.included;
  const loading = new Loading(options, new TaskIds(`${include.id} ${target} `));
  const frame = {
    ...newFrame(outer.play.dir, taskReader(loading)),
    included: true as const,
    heard: new Set(outer.play.heard),
  };
  const files = include.when.length > 0 ? [] : outer.files;
  const around = applied(loading, include, { ...outer, play: frame, files, includes: outer.includes + 1 });
  const name = { value: target, at: include.target.at };
  if (outer.includes >= deepest)
    throw new XrunError('E_CYCLE', `more than ${deepest} includes, one in the other`, {
      at: name.at,
      hint: 'The condition that is to end them still holds.',
    });
  const tasks =
    include.what === 'role'
      ? await includedRole(loading, name, argumentsOf(include, options.tasksFrom, loading), around)
      : await includedTasks(loading, name, around);
  loading.finish();
  return { tasks, handlers: frame.handlers, defaults: frame.roleDefaults, vars: frame.roleVars };
}

async function includedTasks(
  loading: Loading,
  name: { value: string; at: Include['at'] },
  around: Inherited,
): Promise<TaskNode[]> {
  const file = findTaskFile(loading, name.value, name.at, around, 'include');
  return file === undefined ? [] : around.play.read.file(file, name.at, around);
}

/** The keywords of `apply:` on top of those around the include. */
function applied(loading: Loading, include: Include, around: Inherited): Inherited {
  return include.apply
    ? surround(around, new Fields(include.apply, importKeywords, loading.problems), 'apply')
    : around;
}

/** The arguments as written, which were checked when the include was read; `tasks_from` as it was rendered. */
function argumentsOf(
  { included: { args }, tasksFrom: written }: Include,
  tasksFrom: string | undefined,
  loading: Loading,
): Fields {
  const same = tasksFrom === undefined || tasksFrom === written?.value;
  return new Fields(same ? args : keepPositions({ ...args, tasks_from: tasksFrom }, args), {}, loading.problems);
}
