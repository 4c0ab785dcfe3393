import { dirname, resolve } from 'node:path';
import { XrunErrors } from '../diagnostics/errors.ts';
import type { XrunError } from '../diagnostics/errors.ts';
import { positionOf } from '../language/yaml/positions.ts';
import { shortName } from '../model/catalog.ts';
import { checkTexts } from './keywords/check-texts.ts';
import { Fields, refuseUnknown, shapeHint } from './keywords/fields.ts';
import { found, isMapping, isTemplate } from '../diagnostics/found.ts';
import { importPlaybookKeywords } from './keywords/keywords.ts';
import { Loading } from './parse/loading.ts';
import type { LoadOptions } from './parse/loading.ts';
import { readPlay } from './parse/play.ts';
import { inOrder } from '../diagnostics/problems.ts';
import type { Imported } from './parse/play.ts';
import { varsLayer } from './parse/surroundings.ts';
import type { Play, Playbook } from '../model/playbook.ts';

export type { LoadOptions } from './parse/loading.ts';

/**
 * Loads a playbook with everything that it imports, checked as far as that goes without hosts.
 *
 * @param file absolute, or relative to `options.cwd`
 * @throws XrunErrors with every error of every file
 */
export async function loadPlaybook(file: string, options: LoadOptions): Promise<Playbook> {
  const { playbook, errors, warnings } = await examinePlaybook(file, options);
  for (const warning of warnings) options.onWarning?.(warning);
  if (errors.length > 0) throw new XrunErrors(errors);
  return playbook;
}

/** A playbook as far as it could be read. One with errors is for further checks only, never to be run. */
export interface Examined {
  playbook: Playbook;
  errors: XrunError[];
  warnings: XrunError[];
}

/** The same as {@link loadPlaybook}, but returns the errors beside what could be read. */
export async function examinePlaybook(file: string, options: LoadOptions): Promise<Examined> {
  const loading = new Loading(options);
  const path = resolve(options.cwd ?? '', file);
  const plays = await readPlaybook(loading, path, undefined, { vars: [], tags: [], when: [] }, []);
  const { errors, warnings, files } = loading.problems;
  return { playbook: { file: path, plays }, errors: inOrder(errors, files), warnings };
}

async function readPlaybook(
  loading: Loading,
  file: string,
  from: Play['at'] | undefined,
  imported: Imported,
  chain: string[],
): Promise<Play[]> {
  const content = await loading.read(file, from);
  if (content === undefined) return [];
  if (!Array.isArray(content)) {
    const at = positionOf(content) ?? { file: loading.shown(file), line: 1, col: 1 };
    loading.problems.add('E_TYPE', `found ${found(content)}, expected a list of plays`, at, playbookHint(content));
    return [];
  }
  const plays: Play[] = [];
  for (const [index, item] of content.entries()) {
    const at = positionOf(content, index);
    if (!isMapping(item)) loading.problems.add('E_TYPE', `found ${found(item)}, expected a play`, at, shapeHint(item));
    else plays.push(...(await readEntry(loading, item, file, imported, [...chain, file])));
  }
  return plays;
}

async function readEntry(
  loading: Loading,
  map: Record<string, unknown>,
  file: string,
  imported: Imported,
  chain: string[],
): Promise<Play[]> {
  const key = Object.keys(map).find((name) => shortName(name) === 'import_playbook');
  if (key === undefined) return [await readPlay(loading, map, file, imported)];
  refuseUnknown(map, [...Object.keys(importPlaybookKeywords), key], "'import_playbook'", loading.problems);
  const fields = new Fields(
    map,
    { ...importPlaybookKeywords, [key]: importPlaybookKeywords.import_playbook },
    loading.problems,
  );
  checkTexts(loading, fields);
  const target = fields.text(key);
  if (!target) return [];
  const path = resolve(dirname(file), target.value);
  if (isTemplate(target.value))
    loading.problems.add('E_IMPORT', "the name that 'import_playbook' imports must be known before the run", target.at);
  else if (chain.includes(path)) loading.problems.add('E_CYCLE', `${loading.shown(path)} imports itself`, target.at);
  else return readPlaybook(loading, path, target.at, inherit(fields, imported), chain);
  return [];
}

function inherit(fields: Fields, imported: Imported): Imported {
  return {
    vars: [...varsLayer(fields, 'vars', 'import_playbook vars'), ...imported.vars],
    tags: [...imported.tags, ...fields.texts('tags', ',').map((tag) => tag.value)],
    when: [...imported.when, ...fields.exprs('when')],
  };
}

function playbookHint(content: unknown): string | undefined {
  if (isMapping(content)) return "Put '- ' before the first key of each play.";
  return content === null ? 'The file is empty.' : shapeHint(content);
}
