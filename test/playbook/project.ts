import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { XrunError } from '../../runner/diagnostics/errors.ts';
import { validate as validateAll } from '../../runner/api/index.ts';
import type { Findings } from '../../runner/api/index.ts';
import { findLocal } from '../../runner/engine/action/local-files.ts';
import { catalog } from '../../runner/modules/catalog.ts';
import { examinePlaybook, loadPlaybook } from '../../runner/playbook/load.ts';
import type { LoadOptions } from '../../runner/playbook/load.ts';
import type { Play, Playbook } from '../../runner/model/playbook.ts';
import { validatePlaybooks } from '../../runner/playbook/check/validate.ts';
import type { ExternalContext } from '../../runner/playbook/check/outside.ts';
import type { Validation } from '../../runner/playbook/check/validate.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';

/** A directory with these files, gone after the test. */
export async function project(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'playbook-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

/** How everything here is loaded: the real modules, templates and conditions. */
export function optionsFor(dir: string): LoadOptions {
  const { checkTemplate, checkCondition } = createRenderer();
  return { modules: catalog, cwd: dir, checkTemplate, checkCondition };
}

/** The playbook `playbook.yml` with these files beside it. */
export async function load(text: string, files: Record<string, string> = {}): Promise<Playbook> {
  const dir = await project({ ...files, 'playbook.yml': text });
  return loadPlaybook('playbook.yml', optionsFor(dir));
}

/** The only play of a playbook. */
export async function loadPlay(text: string, files: Record<string, string> = {}): Promise<Play> {
  const { plays } = await load(text, files);
  return plays[0] as Play;
}

/** No host, no variable. */
export const nothingOutside: ExternalContext = {
  variables: [],
  given: [],
  texts: () => [],
  hosts: [],
  groups: [],
  hostsOf: () => [],
  valuesOf: () => [],
  winner: () => undefined,
  becomes: false,
  openVault: () => {},
};

/** What `xrun validate` finds in a playbook. */
export async function validate(
  dir: string,
  how: { tags?: string[]; variables?: string[] } = {},
): Promise<Omit<Validation, 'makesHosts'>> {
  const options = optionsFor(dir);
  const { playbook, errors, warnings } = await examinePlaybook('playbook.yml', options);
  const outside = how.variables && { ...nothingOutside, variables: how.variables };
  const whole = await validatePlaybooks([playbook], {
    ...options,
    ...(how.tags && { tags: how.tags }),
    ...(outside && { outside }),
    found: errors,
    findLocal,
  });
  return { errors: whole.errors, warnings: [...warnings, ...whole.warnings] };
}

/** The same, with an inventory, as the command line does it. */
export function validateWith(dir: string, inventory: string): Promise<Findings> {
  return validateAll({ playbooks: ['playbook.yml'], inventories: [inventory], cwd: dir });
}

/** `E_KEYWORD 2:3-8 unknown keyword 'taks' in a play`, with the file before the place if it is another one. */
export function line({ code, at, message }: XrunError): string {
  if (!at) return `${code} - ${message}`;
  const file = at.file === 'playbook.yml' ? '' : `${at.file}:`;
  return `${code} ${file}${at.line}:${at.col}-${at.endCol} ${message}`;
}
