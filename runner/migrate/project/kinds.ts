import { isMapping } from '../../diagnostics/found.ts';

/** What a file is for. `other` stays byte for byte. */
export type FileKind = 'template' | 'filters' | 'ini' | 'yaml' | 'other';

/** What a YAML file holds. `meta` is a role's, of which only the dependencies are read. */
export type YamlKind = 'plays' | 'tasks' | 'vars' | 'inventory' | 'meta' | 'other';

/** Directories of which nothing runs in a play: tests, and what services and editors read. */
const untouched = /(^|\/)(molecule|tests|\.[^/]+)\//;

/** What kind of file this is, by its name alone. */
export function kindOf(name: string): FileKind {
  if (untouched.test(name)) return 'other';
  if (name.endsWith('.j2') || /(^|\/)templates\//.test(name)) return 'template';
  if (/(^|\/)(filter_plugins|plugins\/filter)\/[^/]+\.py$/.test(name)) return 'filters';
  if (/(^|\/)files\//.test(name)) return 'other';
  if (/\.(ya?ml)$/.test(name) || /(^|\/)(group_vars|host_vars)\/([^/]+\/)*[^/.]+$/.test(name)) return 'yaml';
  return /\.ini$|(^|\/)(hosts|inventory)$|(^|\/)inventor(y|ies)\/[^.]+$/.test(name) ? 'ini' : 'other';
}

/** What a YAML file holds, by its directory and by what is in it. `named` says whether a playbook reads it by its name. */
export function yamlKindOf(name: string, value: unknown, named: boolean): YamlKind {
  const directory = /(?:^|\/)(tasks|handlers|defaults|vars|group_vars|host_vars|meta)\//.exec(name)?.[1];
  if (directory === 'meta') return /(^|\/)meta\/main\.ya?ml$/.test(name) ? 'meta' : 'other';
  if (Array.isArray(value)) {
    if (value.some(isPlay)) return 'plays';
    const isTasks = directory === 'tasks' || directory === 'handlers' || (value.length > 0 && value.every(isTask));
    return isTasks || (named && value.some(isTask)) ? 'tasks' : 'other';
  }
  if (!isMapping(value)) return 'other';
  if (directory !== undefined) return directory === 'tasks' || directory === 'handlers' ? 'other' : 'vars';
  if (isInventory(value)) return 'inventory';
  return named ? 'vars' : 'other';
}

function isPlay(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).some((key) => key === 'hosts' || /(^|\.)import_playbook$/.test(key));
}

/** Something with a keyword of tasks, or with one key for a module. */
function isTask(value: unknown): boolean {
  if (!isMapping(value)) return false;
  return Object.keys(value).some((key) =>
    /^(name|block|when|register|include|notify)$|^[a-z_.]+_tasks$|^[a-z]+\.[a-z]+\.[a-z_]+$/.test(key),
  );
}

function isInventory(value: Record<string, unknown>): boolean {
  return Object.values(value).some(
    (group) => isMapping(group) && (isMapping(group.hosts) || isMapping(group.children)),
  );
}
