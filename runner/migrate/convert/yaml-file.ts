import { XrunError } from '../../diagnostics/errors.ts';
import { isMapping } from '../../diagnostics/found.ts';
import type { YamlFile } from '../project/project.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { FileEdit } from '../edit/file-edit.ts';
import type { Remark } from '../edit/file-edit.ts';
import { migratePlays, migrateRoleEntries } from '../yaml/plays.ts';
import { migrateTasks } from '../yaml/tasks.ts';
import type { JudgedArguments, Translator } from '../yaml/translator.ts';
import { translateIn } from '../yaml/values.ts';

/** Moves one YAML file over. One that would not be valid any more stays as it was. */
export function convertYaml(
  file: YamlFile,
  words: Translator,
  judged: JudgedArguments,
): { text: string; total: number; remarks: Remark[] } {
  const edit = edited(file, words, judged);
  const { total, remarks } = edit;
  const text = edit.result();
  const fault = text === file.text ? undefined : faultOf(text, file.name);
  if (!fault) return { text, total, remarks };
  const at = file.source.pos(0);
  const message = `what comes of this file is not valid, and it stays as it was: ${fault}`;
  return { text: file.text, total, remarks: [...remarks, { code: 'M_YAML', message, at, line: 0 }] };
}

function faultOf(text: string, name: string): string | undefined {
  try {
    loadYaml(text, name);
    return undefined;
  } catch (error) {
    if (error instanceof XrunError) return error.message;
    throw error;
  }
}

function edited(file: YamlFile, words: Translator, judged: JudgedArguments): FileEdit {
  const edit = new FileEdit(file.source);
  const tools = { edit, words, judged };
  const { kind, value } = file;
  if (kind === 'plays' && Array.isArray(value)) migratePlays(tools, value);
  if (kind === 'tasks') migrateTasks(tools, value);
  if (kind === 'vars' || kind === 'inventory') translateIn(edit, value, words);
  if (kind === 'meta' && isMapping(value)) migrateRoleEntries(tools, value.dependencies);
  return edit;
}
