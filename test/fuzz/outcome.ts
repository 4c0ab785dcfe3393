import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XrunError, XrunErrors } from '../../runner/diagnostics/errors.ts';
import type { Position } from '../../runner/diagnostics/errors.ts';
import { findLocal } from '../../runner/engine/action/local-files.ts';
import { loadInventory } from '../../runner/inventory/load.ts';
import { catalog } from '../../runner/modules/catalog.ts';
import { examinePlaybook } from '../../runner/playbook/load.ts';
import { validatePlaybooks } from '../../runner/playbook/check/validate.ts';
import type { ExternalContext } from '../../runner/playbook/check/outside.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { nothingOutside } from '../playbook/project.ts';

/** Files that fuzzed playbooks may take in. */
const beside = {
  'a.yml': '- command: x\n',
  'roles/web/tasks/main.yml': '- include_tasks: more.yml\n',
  'roles/web/tasks/more.yml': '- ping:\n',
  'roles/web/defaults/main.yml': 'port: 80\n',
};

/** Writes what fuzzed files may name into an empty directory. */
export function prepare(dir: string): void {
  mkdirSync(join(dir, 'roles/web/tasks'), { recursive: true });
  mkdirSync(join(dir, 'roles/web/defaults'));
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(dir, name), text);
}

const { checkTemplate, checkCondition } = createRenderer();

/**
 * Lets every loader read the text: as YAML, as a playbook and as an inventory. Returns the errors; whatever else is
 * thrown, or an error that stands nowhere in the text, is a bug and is thrown on.
 *
 * @param deep false: only as YAML
 */
export async function outcome(text: string, dir: string, deep: boolean): Promise<readonly XrunError[]> {
  const errors = [...(await errorsOf(() => loadYaml(text, 'playbook.yml')))];
  if (deep)
    errors.push(
      ...(await asPlaybook(text, dir)),
      ...(await asInventory(text, dir, 'hosts.yml')),
      ...(await asInventory(text, dir, 'hosts.ini')),
    );
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (const { at, message } of errors) if (at?.file === 'playbook.yml') checkPlace(at, lines, message);
  return errors;
}

/** One host, whose variables are those of the play and the task. */
const outside: ExternalContext = {
  ...nothingOutside,
  variables: ['a'],
  hosts: ['h'],
  hostsOf: () => ['h'],
  winner(play, node, _host, name) {
    const layer = [...play.vars, ...node.vars].findLast(({ vars }) => Object.hasOwn(vars, name));
    return layer && { layer: 'play', origin: layer.origin, value: layer.vars[name] };
  },
};

async function asPlaybook(text: string, dir: string): Promise<readonly XrunError[]> {
  writeFileSync(join(dir, 'playbook.yml'), text);
  const options = { modules: catalog, cwd: dir, checkTemplate, checkCondition, decrypt: () => '' };
  const { playbook, errors } = await examinePlaybook('playbook.yml', options);
  const whole = await validatePlaybooks([playbook], { ...options, found: errors, outside, tags: ['t'], findLocal });
  return whole.errors;
}

async function asInventory(text: string, dir: string, name: string): Promise<readonly XrunError[]> {
  writeFileSync(join(dir, name), text);
  return errorsOf(() => loadInventory([name], { cwd: dir }));
}

async function errorsOf(load: () => unknown): Promise<readonly XrunError[]> {
  try {
    await load();
    return [];
  } catch (error) {
    if (error instanceof XrunErrors) return error.errors;
    if (error instanceof XrunError) return [error];
    throw error;
  }
}

function checkPlace(at: Position, lines: readonly string[], message: string): void {
  const line = lines[at.line - 1];
  if (line === undefined || at.col < 1 || at.col > line.length + 2)
    throw new Error(`${message}: at ${at.line}:${at.col}, where nothing is`);
}
