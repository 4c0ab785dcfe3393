import { dirname, join, resolve } from 'node:path';
import type { Position } from '../../diagnostics/errors.ts';
import { placeWithin } from '../../language/yaml/place.ts';
import { keepPositions, placeContainer, placeEntry, placeOf } from '../../language/yaml/positions.ts';
import { checkTexts } from '../keywords/check-texts.ts';
import { Fields, refuseUnknown } from '../keywords/fields.ts';
import { found, isMapping, isTemplate } from '../../diagnostics/found.ts';
import { freeForm } from '../keywords/free-form.ts';
import { importKeywords, includeArguments, includeKeywords } from '../keywords/keywords.ts';
import { loopKeywords } from './loop.ts';
import type { Loading } from './loading.ts';
import { nodeParts } from './node.ts';
import { isFile } from './role-files.ts';
import { includedRole } from './role.ts';
import { surround } from './surroundings.ts';
import type { Include, Raw, Inherited, TaskNode } from '../../model/playbook.ts';

export type IncludeKind = keyof typeof includeArguments;

/** Reads one of the four keywords that include tasks; `key` is the keyword as written. */
export async function readInclude(
  loading: Loading,
  map: Record<string, unknown>,
  key: string,
  kind: IncludeKind,
  around: Inherited,
): Promise<TaskNode[]> {
  const isStatic = kind.startsWith('import_');
  const known = [...Object.keys(isStatic ? importKeywords : includeKeywords), key];
  refuseUnknown(map, known, `'${kind}'`, loading.problems);
  const fields = new Fields(map, isStatic ? importKeywords : includeKeywords, loading.problems);
  checkTexts(loading, fields);
  const before = loading.problems.errors.length;
  const args = includeArgs(loading, fields, key, kind);
  const target = kind.endsWith('_role') ? (args.text('name') ?? args.text('role')) : args.text('file');
  if (!target) {
    const what = kind.endsWith('_role') ? 'the name of a role' : 'a file name';
    if (loading.problems.errors.length === before)
      loading.problems.add('E_ARGUMENT', `'${kind}' needs ${what}`, fields.keyAt(key));
    return [];
  }
  if (!isStatic) return [dynamic(loading, fields, args, { target, kind }, around)];
  if (!fixed(loading, fields, target, kind)) return [];
  const inner = surround(around, fields, 'import');
  return kind === 'import_role' ? includedRole(loading, target, args, inner) : importTasks(loading, target, inner);
}

function dynamic(
  loading: Loading,
  fields: Fields,
  args: Fields,
  { target, kind }: { target: Raw<string>; kind: IncludeKind },
  around: Inherited,
): Include {
  const apply = args.get('apply');
  const tasksFrom = args.text('tasks_from');
  const register = fields.text('register')?.value;
  if (isMapping(apply)) {
    refuseUnknown(apply, Object.keys(importKeywords), "'apply'", loading.problems);
    checkTexts(loading, new Fields(apply, importKeywords, loading.problems));
  }
  return {
    kind: 'include',
    ...nodeParts(loading, fields, surround(around, fields, 'include')),
    what: kind === 'include_role' ? 'role' : 'tasks',
    target,
    ...(tasksFrom && { tasksFrom }),
    ...(register !== undefined && { register }),
    ...(isMapping(apply) && { apply }),
    ...(around.handlers && { listen: fields.texts('listen').map((topic) => topic.value) }),
    included: { around: { ...around, vars: surround(around, fields, 'include').vars }, args: args.map },
  };
}

/** An import is read before the run: its name holds no template and it has no loop. */
function fixed(loading: Loading, fields: Fields, target: Raw<string>, kind: IncludeKind): boolean {
  const instead = kind.replace('import_', 'include_');
  const loop = loopKeywords.find((form) => fields.has(form));
  if (loop)
    loading.problems.add(
      'E_KEYWORD',
      `'${kind}' cannot loop: it is read before the run`,
      fields.keyAt(loop),
      `Use \`${instead}\`.`,
    );
  if (!isTemplate(target.value)) return loop === undefined;
  loading.problems.add(
    'E_IMPORT',
    `the name that '${kind}' imports must be known before the run`,
    target.at,
    `Use \`${instead}\`.`,
  );
  return false;
}

async function importTasks(loading: Loading, target: Raw<string>, inner: Inherited): Promise<TaskNode[]> {
  const file = findTaskFile(loading, target.value, target.at, inner);
  return file === undefined ? [] : inner.play.read.file(file, target.at, inner);
}

/**
 * The absolute path of a file of tasks: looked for beside the file that names it, in the role, beside the playbook.
 * For an include the role's `tasks/` comes first, as in Ansible.
 */
export function findTaskFile(
  loading: Loading,
  name: string,
  at: Position,
  around: Inherited,
  how: 'import' | 'include' = 'import',
): string | undefined {
  const role = around.role?.path;
  const beside = dirname(loading.absolute(at));
  const ofRole = role === undefined ? [] : [join(role, 'tasks')];
  const near = how === 'include' ? [...ofRole, beside] : [beside, ...ofRole];
  const directories = [...near, ...(role === undefined ? [] : [role]), around.play.dir, join(around.play.dir, 'tasks')];
  const candidates = [...new Set(directories.map((directory) => resolve(directory, name)))];
  const file = candidates.find(isFile);
  if (file !== undefined) return file;
  const hint = `Looked for ${candidates.map((candidate) => loading.shown(candidate)).join(', ')}.`;
  loading.problems.add('E_FILE', `there is no file of tasks '${name}'`, at, hint);
  return undefined;
}

/** The arguments of an include: its mapping, its one line (`name=web tasks_from=x`) or a bare name, with `args:`. */
function includeArgs(loading: Loading, fields: Fields, key: string, kind: IncludeKind): Fields {
  const name = kind.endsWith('_role') ? 'name' : 'file';
  const value = fields.map[key];
  const extra = fields.get('args');
  const own = isMapping(value) ? value : fromText(loading, fields, key, name);
  const args = keepPositions({ ...(isMapping(extra) ? extra : {}), ...own }, own);
  if (isMapping(extra)) keepPositions(args, extra);
  const known = { ...includeArguments[kind], ...(name === 'name' && { role: includeArguments.include_role.name }) };
  refuseUnknown(args, Object.keys(known), `'${kind}'`, loading.problems);
  const checked = new Fields(args, known, loading.problems);
  checkTexts(loading, checked, ['apply']);
  return checked;
}

function fromText(loading: Loading, fields: Fields, key: string, name: string): Record<string, unknown> {
  const value = fields.map[key];
  if (value === null || value === undefined) return {};
  if (typeof value !== 'string') {
    loading.problems.add('E_TYPE', `'${key}': found ${found(value)}, expected a name or a mapping`, fields.at(key));
    return {};
  }
  const { pairs, rest } = freeForm(value);
  const onlyPairs = pairs.length > 0 && rest.length === 0;
  const args: Record<string, unknown> = onlyPairs
    ? Object.fromEntries(pairs.map((pair) => [pair.key, pair.value]))
    : { [name]: value };
  const place = placeOf(fields.map, key);
  if (!place) return args;
  placeContainer(args, place);
  if (!onlyPairs) placeEntry(args, name, place, place);
  else
    for (const pair of pairs)
      placeEntry(
        args,
        pair.key,
        placeWithin(place, pair.start, pair.start + pair.key.length),
        placeWithin(place, pair.valueStart, pair.end),
      );
  return args;
}
