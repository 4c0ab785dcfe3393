import { dirname, join, resolve } from 'node:path';
import { positionOf } from '../../language/yaml/positions.ts';
import { checkTexts } from '../keywords/check-texts.ts';
import { Fields, refuseUnknown } from '../keywords/fields.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import { playKeywords } from '../keywords/keywords.ts';
import { checkModuleDefaults } from '../keywords/module-defaults.ts';
import type { Loading } from './loading.ts';
import { isFile } from './role-files.ts';
import { readRoleEntry, readVars } from './role.ts';
import { newFrame, settingsOf, surround, varsLayer } from './surroundings.ts';
import { taskReader } from './task-list.ts';
import type { Expr, Play, PlayFrame, Raw, Inherited, TaskNode, VarsLayer } from '../../model/playbook.ts';
import { promptsOf } from './vars-prompt.ts';

/** What import_playbook gives to every play that it imports. */
export interface Imported {
  vars: VarsLayer[];
  tags: string[];
  when: Expr[];
}

const lists = ['pre_tasks', 'roles', 'tasks', 'post_tasks', 'handlers'] as const;

/** Reads one play of the playbook `file` (absolute). */
export async function readPlay(
  loading: Loading,
  map: Record<string, unknown>,
  file: string,
  imported: Imported,
): Promise<Play> {
  refuseUnknown(map, Object.keys(playKeywords), 'a play', loading.problems);
  const fields = new Fields(map, playKeywords, loading.problems);
  checkTexts(loading, fields, lists);
  checkModuleDefaults(loading, fields);
  const hosts = hostsOf(loading, fields);
  const dir = dirname(file);
  const around = surroundingsOf(fields, newFrame(dir, taskReader(loading)), file, imported);
  const varsFiles = await readVarsFiles(loading, fields, dir);
  const list = (key: (typeof lists)[number]) => around.play.read.list(fields.list(key), around);
  const preTasks = await list('pre_tasks');
  const roleTasks = await readRoles(loading, fields, around);
  const tasks = [...roleTasks, ...(await list('tasks'))];
  const postTasks = await list('post_tasks');
  const handlers = await around.play.read.list(fields.list('handlers'), { ...around, handlers: true, tags: [] });
  return {
    at: positionOf(map) ?? fields.keyAt('hosts'),
    name: fields.text('name')?.value ?? hosts.value,
    hosts,
    ...settingsOf(fields),
    ...choices(fields),
    tags: around.tags,
    vars: [...varsLayer(fields, 'vars', 'play vars'), ...imported.vars, ...varsFiles.layers, ...around.play.roleVars],
    varsFiles: varsFiles.deferred,
    varsPrompt: promptsOf(loading, fields),
    roleDefaults: around.play.roleDefaults,
    roleNames: around.play.roleNames,
    preTasks,
    tasks,
    postTasks,
    handlers: [...around.play.handlers, ...handlers],
    dir,
  };
}

function hostsOf(loading: Loading, fields: Fields): Raw<string> {
  if (!Object.hasOwn(fields.map, 'hosts'))
    loading.problems.add(
      'E_PLAY',
      "a play needs 'hosts'",
      positionOf(fields.map),
      'Add `hosts: all`, or the name of a group.',
    );
  return {
    value: fields
      .texts('hosts')
      .map((pattern) => pattern.value)
      .join(':'),
    at: fields.at('hosts'),
  };
}

function surroundingsOf(fields: Fields, play: PlayFrame, file: string, imported: Imported): Inherited {
  const outside: Inherited = {
    settings: { environment: [] },
    tags: imported.tags,
    when: imported.when,
    roleVars: [],
    vars: [],
    notify: [],
    moduleDefaults: [],
    play,
    handlers: false,
    files: [file],
    includes: 0,
  };
  // The play's variables are a layer of their own, not of its tasks.
  return { ...surround(outside, fields, 'play'), vars: [] };
}

function choices(
  fields: Fields,
): Pick<Play, 'allowEmpty' | 'gatherFacts' | 'order' | 'strategy' | 'forceHandlers' | 'serial' | 'maxFailPercentage'> {
  const serial = fields.raw('serial');
  const maxFailPercentage = fields.raw('max_fail_percentage');
  const [order, strategy] = [fields.text('order'), fields.text('strategy')];
  return {
    allowEmpty: fields.flag('allow_empty') ?? false,
    gatherFacts: isTemplate(fields.get('gather_facts'))
      ? (fields.raw('gather_facts') as Raw)
      : (fields.flag('gather_facts') ?? 'auto'),
    forceHandlers: fields.flag('force_handlers') ?? false,
    ...(order && { order }),
    ...(strategy && { strategy }),
    ...(serial && { serial }),
    ...(maxFailPercentage && { maxFailPercentage }),
  };
}

async function readRoles(loading: Loading, fields: Fields, around: Inherited): Promise<TaskNode[]> {
  const roles = fields.list('roles');
  const tasks: TaskNode[] = [];
  for (const [index, entry] of roles.entries())
    tasks.push(...(await readRoleEntry(loading, entry, positionOf(roles, index), around)));
  return tasks;
}

interface VarsFiles {
  layers: VarsLayer[];
  /** Their names are known when the play begins. */
  deferred: Raw<string | string[]>[];
}

async function readVarsFiles(loading: Loading, fields: Fields, dir: string): Promise<VarsFiles> {
  const files: VarsFiles = { layers: [], deferred: [] };
  for (const raw of varsFileNames(fields)) {
    const names = Array.isArray(raw.value) ? raw.value : [raw.value];
    const layers = names.some(isTemplate) ? [] : await readFirst(loading, names, raw, dir);
    // Behind a file that counts later this one has to be read later too, to be stronger.
    if (names.some(isTemplate) || files.deferred.length > 0) files.deferred.push(raw);
    else files.layers.push(...layers);
  }
  return files;
}

function varsFileNames(fields: Fields): Raw<string | string[]>[] {
  const value = fields.get('vars_files');
  if (typeof value === 'string') return [{ value, at: fields.at('vars_files') }];
  if (!Array.isArray(value)) return [];
  return value.map((name: string | string[], index) => ({
    value: name,
    at: positionOf(value, index) ?? fields.at('vars_files'),
  }));
}

/** Where a file of `vars_files` may be: beside the playbook, which is in `dir`, or in its `vars/`; several names, the first that is there. */
export function varsFilePlaces(names: readonly string[], dir: string): string[] {
  return names.flatMap((name) => [resolve(dir, name), join(dir, 'vars', name)]);
}

async function readFirst(loading: Loading, names: string[], { at }: Raw, dir: string): Promise<VarsLayer[]> {
  const candidates = varsFilePlaces(names, dir);
  for (const file of candidates) {
    if (!isFile(file)) continue;
    const vars = await readVars(loading, file, at);
    return vars ? [{ origin: `vars_files ${loading.shown(file)}`, vars }] : [];
  }
  const hint = `Looked for ${candidates.map((file) => loading.shown(file)).join(', ')}.`;
  loading.problems.add('E_FILE', `there is no file of variables '${names.join("' or '")}'`, at, hint);
  return [];
}
