import { basename } from 'node:path';
import { argumentTask } from './argument-specs.ts';
import { keepPositions, positionOf } from '../../language/yaml/positions.ts';
import { checkTemplates, checkTexts } from '../keywords/check-texts.ts';
import { Fields } from '../keywords/fields.ts';
import { found, isMapping, isTemplate } from '../../diagnostics/found.ts';
import { roleKeywords } from '../keywords/keywords.ts';
import type { Loading } from './loading.ts';
import { nodeParts } from './node.ts';
import { findRole, metaOf, roleFiles } from './role-files.ts';
import { surround } from './surroundings.ts';
import type { Raw, RoleRef, Inherited, TaskNode, VarsLayer } from '../../model/playbook.ts';

/**
 * The tasks of a role, those of the roles it depends on first, whose variables it sees. Its handlers, defaults and
 * variables go to the play.
 *
 * @param args `tasks_from` and the like
 * @param inner what surrounds the role's tasks, the caller's own keywords included
 * @param how.key distinguishes the role and its parameters from others
 * @param how.dependency another role depends on it
 */
export async function runRole(
  loading: Loading,
  name: Raw<string>,
  args: Fields,
  inner: Inherited,
  { key, dependency = false }: { key?: string; dependency?: boolean } = {},
): Promise<TaskNode[]> {
  const path = findRole(loading, name, inner);
  if (path === undefined) return [];
  if (inner.files.includes(path)) {
    loading.problems.add('E_CYCLE', `role '${name.value}' imports itself`, name.at);
    return [];
  }
  loading.problems.errors.push(...((await loading.options.modules.addFrom?.(path)) ?? []));
  const role = await describeRole(loading, path, args, inner);
  const { listed, dependent } = inner.play.roleNames;
  (dependency ? dependent : listed).push(role.ref.name);
  if (key !== undefined) role.ref.key = key;
  const around = { ...inner, role: role.ref, files: [...inner.files, path] };
  const { roleDefaults, roleVars } = inner.play;
  const before = { defaults: roleDefaults.length, vars: roleVars.length };
  const dependencies = await runDependencies(loading, path, around);
  const own = [...role.ref.defaults];
  role.ref.defaults.unshift(...roleDefaults.slice(before.defaults));
  const within = { ...around, roleVars: [...inner.roleVars, ...roleVars.slice(before.vars), ...role.vars] };
  roleDefaults.push(...own);
  roleVars.push(...role.vars);
  await takeHandlers(loading, path, args, within);
  const validating = await argumentTask(loading, path, args, await metaOf(loading, path));
  const tasks = await within.play.read.list(validating, within);
  for (const file of roleFiles(loading, path, 'tasks', args.text('tasks_from'))) {
    tasks.push(...(await within.play.read.file(file, name.at, within)));
  }
  return [...dependencies, ...tasks];
}

/**
 * Reads an entry of `roles:` or of a role's dependencies. One that was listed with the same parameters is for the hosts
 * on which none of its tasks has run: the first may have been skipped.
 */
export async function readRoleEntry(
  loading: Loading,
  entry: unknown,
  place: Raw['at'] | undefined,
  around: Inherited,
): Promise<TaskNode[]> {
  const map = typeof entry === 'string' ? undefined : entry;
  if (map !== undefined && !isMapping(map)) {
    loading.problems.add('E_TYPE', `found ${found(entry)}, expected the name of a role or a mapping`, place);
    return [];
  }
  const fields = new Fields(map ?? {}, roleKeywords, loading.problems);
  const name = map
    ? (fields.text('role') ?? fields.text('name'))
    : { value: String(entry), at: place ?? { file: '', line: 1, col: 1 } };
  if (!name || isTemplate(name.value)) {
    const message = name ? 'the name of a role must be known before the run' : "an entry of 'roles' needs 'role'";
    loading.problems.add('E_ROLE', message, name?.at ?? place, name && 'Use `include_role`.');
    return [];
  }
  if (around.role && [...around.role.parents, around.role.name].includes(name.value)) {
    loading.problems.add('E_CYCLE', `role '${name.value}' depends on itself`, name.at);
    return [];
  }
  checkTexts(loading, fields);
  const parameters = Object.fromEntries(
    Object.entries(fields.map).filter(([key]) => !Object.hasOwn(roleKeywords, key)),
  );
  const inner = surround(around, fields, `role ${name.value}`);
  if (Object.keys(parameters).length > 0)
    inner.vars = [
      ...inner.vars,
      { origin: `role ${name.value} parameters`, vars: keepPositions(parameters, fields.map) },
    ];
  const once = JSON.stringify([
    name.value,
    parameters,
    fields.get('vars') ?? null,
    fields.get('tags') ?? null,
    fields.get('when') ?? null,
  ]);
  const again =
    (around.play.ran.has(once) || around.play.included === true) && !(await allowsDuplicates(loading, name, around));
  around.play.ran.add(once);
  const tasks = await runRole(loading, name, new Fields({}, {}, loading.problems), inner, {
    key: once,
    dependency: around.role !== undefined,
  });
  return again
    ? unlessRan(loading, once, { at: name.at, tasks }, new Fields(map ?? {}, {}, loading.problems), inner)
    : tasks;
}

/** The tasks of a role that is included or imported; with `allow_duplicates: false` for hosts on which the same has not run. */
export async function includedRole(
  loading: Loading,
  name: Raw<string>,
  args: Fields,
  inner: Inherited,
): Promise<TaskNode[]> {
  if (args.flag('allow_duplicates') !== false) return runRole(loading, name, args, inner);
  const key = JSON.stringify([
    'include',
    name.value,
    args.map,
    inner.vars.map(({ vars }) => vars),
    inner.tags,
    inner.when.map(({ source }) => source),
  ]);
  return unlessRan(
    loading,
    key,
    { at: name.at, tasks: await runRole(loading, name, args, inner, { key }) },
    new Fields({}, {}, loading.problems),
    inner,
  );
}

/** A role's tasks for the hosts on which none of those with this key has run. */
function unlessRan(
  loading: Loading,
  key: string,
  { at, tasks }: { at: Raw['at']; tasks: TaskNode[] },
  fields: Fields,
  inner: Inherited,
): TaskNode[] {
  if (tasks.length === 0) return [];
  return [
    {
      kind: 'block',
      ...nodeParts(loading, fields, { ...inner, when: [] }),
      at,
      block: tasks,
      rescue: [],
      always: [],
      unlessRan: key,
    },
  ];
}

interface Described {
  ref: RoleRef & { defaults: VarsLayer[] };
  vars: VarsLayer[];
}

async function describeRole(loading: Loading, path: string, args: Fields, inner: Inherited): Promise<Described> {
  const name = basename(path);
  const defaults = await varsOf(loading, path, 'defaults', args.text('defaults_from'), `role ${name} defaults`);
  const vars = await varsOf(loading, path, 'vars', args.text('vars_from'), `role ${name} vars`);
  const parents = inner.role ? [...inner.role.parents, inner.role.name] : [];
  return { ref: { name, path, parents, defaults }, vars };
}

async function varsOf(
  loading: Loading,
  path: string,
  part: 'defaults' | 'vars',
  from: Raw<string> | undefined,
  origin: string,
): Promise<VarsLayer[]> {
  const layers: VarsLayer[] = [];
  for (const file of roleFiles(loading, path, part, from)) {
    const vars = await readVars(loading, file, from?.at);
    if (vars) layers.push({ origin, vars });
  }
  return layers;
}

/** A file that holds variables; undefined where it is empty or wrong, which is noted. */
export async function readVars(
  loading: Loading,
  file: string,
  from?: Raw['at'],
): Promise<Record<string, unknown> | undefined> {
  const content = await loading.read(file, from);
  if (content === undefined || content === null) return undefined;
  if (!isMapping(content)) {
    const at = positionOf(content) ?? { file: loading.shown(file), line: 1, col: 1 };
    loading.problems.add('E_TYPE', `found ${found(content)}, expected a mapping of names and values`, at);
    return undefined;
  }
  checkTemplates(loading, content, positionOf(content));
  return content;
}

/** Once a play, whatever the number of times that the role runs. */
async function takeHandlers(loading: Loading, path: string, args: Fields, within: Inherited): Promise<void> {
  const from = args.text('handlers_from');
  const key = `${path} ${from?.value ?? ''}`;
  if (within.play.heard.has(key)) return;
  within.play.heard.add(key);
  const around = { ...within, handlers: true, notify: [], tags: [] };
  for (const file of roleFiles(loading, path, 'handlers', from)) {
    const at = from?.at ?? { file: loading.shown(file), line: 1, col: 1 };
    within.play.handlers.push(...(await within.play.read.file(file, at, around)));
  }
}

async function runDependencies(loading: Loading, path: string, around: Inherited): Promise<TaskNode[]> {
  const meta = await metaOf(loading, path);
  const { dependencies } = meta;
  if (dependencies === undefined || dependencies === null) return [];
  if (!Array.isArray(dependencies)) {
    loading.problems.add(
      'E_TYPE',
      `'dependencies': found ${found(dependencies)}, expected a list of roles`,
      positionOf(meta, 'dependencies'),
    );
    return [];
  }
  const tasks: TaskNode[] = [];
  for (const [index, entry] of dependencies.entries())
    tasks.push(...(await readRoleEntry(loading, entry, positionOf(dependencies, index), around)));
  return tasks;
}

async function allowsDuplicates(loading: Loading, name: Raw<string>, around: Inherited): Promise<boolean> {
  const path = findRole(loading, name, around);
  return path !== undefined && (await metaOf(loading, path)).allow_duplicates === true;
}
