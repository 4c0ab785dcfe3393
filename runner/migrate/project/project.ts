import { XrunError, XrunErrors } from '../../diagnostics/errors.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { SourceText } from '../../language/yaml/source-text.ts';
import { textOf } from './files.ts';
import type { Tree } from './files.ts';
import { filtersIn } from './filters.ts';
import type { CustomFilter } from './filters.ts';
import { kindOf, yamlKindOf } from './kinds.ts';
import type { FileKind, YamlKind } from './kinds.ts';
import { Types } from './types.ts';

/** A file that may change, with its text. */
export interface TextFile {
  name: string;
  text: string;
}

/** A YAML file that was read. */
export interface YamlFile extends TextFile {
  kind: YamlKind;
  source: SourceText;
  value: unknown;
}

/** All that a migration reads. */
export interface Project {
  yaml: YamlFile[];
  templates: TextFile[];
  inventories: TextFile[];
  filters: (TextFile & { filters: CustomFilter[] })[];
  types: Types;
  errors: XrunError[];
}

/** Reads a project, without following links. What is not text in UTF-8 is not for us. */
export function readProject(tree: Tree): Project {
  const texts = new Map<FileKind, TextFile[]>();
  for (const file of tree.files) {
    const kind = kindOf(file.name);
    const text = kind === 'other' ? undefined : textOf(file);
    if (text !== undefined) texts.set(kind, [...(texts.get(kind) ?? []), { name: file.name, text }]);
  }
  const errors: XrunError[] = [];
  const yaml = readYaml(texts.get('yaml') ?? [], errors);
  return {
    yaml,
    templates: texts.get('template') ?? [],
    inventories: texts.get('ini') ?? [],
    filters: (texts.get('filters') ?? []).map((file) => ({ ...file, filters: filtersIn(file.text) })),
    types: typesOf(yaml),
    errors,
  };
}

/** A file that is no YAML is an error where a play would read it: anything else may be of another language. */
function readYaml(files: TextFile[], errors: XrunError[]): YamlFile[] {
  const named = namesIn(files);
  return files.flatMap(({ name, text }) => {
    const source = new SourceText(name, text);
    try {
      const { value } = loadYaml(text, name);
      return [{ name, text, source, value, kind: yamlKindOf(name, value, named.has(baseName(name))) }];
    } catch (error) {
      if (!(error instanceof XrunError)) throw error;
      const expected =
        yamlKindOf(name, [], false) !== 'other' ||
        /(^|\/)(tasks|handlers|defaults|vars|group_vars|host_vars)\//.test(name);
      if (expected && !text.startsWith('$ANSIBLE_VAULT'))
        errors.push(...(error instanceof XrunErrors ? error.errors : [error]));
      return [];
    }
  });
}

/** The names of YAML files that are in texts: what `vars_files`, `include_vars` and includes read. */
function namesIn(files: TextFile[]): Set<string> {
  return new Set(files.flatMap(({ text }) => text.match(/[\w.-]+\.ya?ml\b/g) ?? []));
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function typesOf(files: YamlFile[]): Types {
  const types = new Types();
  for (const { name, kind, value } of files) {
    if (kind === 'vars') types.addVars(name, value);
    if (kind === 'tasks' || kind === 'plays') types.addTasks(name, value);
    if (kind === 'inventory' && isMapping(value)) addInventory(types, name, value);
  }
  return types;
}

function addInventory(types: Types, file: string, groups: Record<string, unknown>): void {
  for (const group of Object.values(groups)) {
    if (!isMapping(group)) continue;
    types.addVars(file, group.vars);
    if (isMapping(group.hosts)) for (const vars of Object.values(group.hosts)) types.addVars(file, vars);
    if (isMapping(group.children)) addInventory(types, file, group.children);
  }
}
