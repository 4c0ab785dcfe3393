import { isMapping } from '../../diagnostics/found.ts';
import { shortName } from '../../model/catalog.ts';
import { renewKeywords } from './keywords.ts';
import { migrateTasks } from './tasks.ts';
import type { TaskTools } from './translator.ts';
import { translateAt, translateConditions } from './values.ts';

const taskLists = new Set(['pre_tasks', 'tasks', 'post_tasks', 'handlers']);

/** Moves the plays of a playbook over. */
export function migratePlays(tools: TaskTools, plays: unknown[]): void {
  for (const play of plays) if (isMapping(play)) migratePlay(tools, play);
}

function migratePlay(tools: TaskTools, play: Record<string, unknown>): void {
  const included = Object.keys(play).find((key) => shortName(key) === 'include');
  if (included !== undefined) tools.edit.set(play, included, 'import_playbook', 'key');
  const done = included === undefined ? renewKeywords(tools, play) : new Set<string>();
  for (const key of Object.keys(play)) {
    if (done.has(key)) continue;
    if (taskLists.has(key)) migrateTasks(tools, play[key]);
    else if (key === 'roles') migrateRoleEntries(tools, play.roles);
    else if (key === 'when') translateConditions(tools.edit, play, key, tools.words);
    else translateAt(tools.edit, play, key, tools.words);
  }
}

/** Entries of `roles:` and of a role's dependencies: names, or mappings with keywords and parameters. */
export function migrateRoleEntries({ edit, words }: TaskTools, roles: unknown): void {
  if (!Array.isArray(roles)) return;
  for (const role of roles) {
    if (!isMapping(role)) continue;
    for (const key of Object.keys(role)) {
      if (key === 'when') translateConditions(edit, role, key, words);
      else translateAt(edit, role, key, words);
    }
  }
}
