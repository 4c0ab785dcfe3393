import { isMapping } from '../../diagnostics/found.ts';
import type { YamlFile } from '../project/project.ts';
import { FileEdit } from '../edit/file-edit.ts';
import { migratePlays, migrateRoleEntries } from '../yaml/plays.ts';
import { migrateTasks } from '../yaml/tasks.ts';
import type { JudgedArguments } from '../yaml/tasks.ts';
import type { Translator } from '../yaml/translator.ts';
import { translateIn } from '../yaml/values.ts';

/** Moves one YAML file over; what comes of it is `edit.result()`. */
export function convertYaml(file: YamlFile, words: Translator, judged: JudgedArguments): FileEdit {
  const edit = new FileEdit(file.source);
  const tools = { edit, words, judged };
  const { kind, value } = file;
  if (kind === 'plays' && Array.isArray(value)) migratePlays(tools, value);
  if (kind === 'tasks') migrateTasks(tools, value);
  if (kind === 'vars' || kind === 'inventory') translateIn(edit, value, words);
  if (kind === 'meta' && isMapping(value)) migrateRoleEntries(tools, value.dependencies);
  return edit;
}
