import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import { findConfig } from './config/config.ts';
import type { Config } from './config/config.ts';
import { Plugins } from './plugins.ts';

/** What the directories of playbooks, and the configuration above them, add to xrun. */
export interface Project {
  plugins: Plugins;
  /** What the configuration says of inventories; absolute, but for lists of hosts. */
  inventories: string[];
  /** Directories with roles, absolute. */
  rolesPath: string[];
}

/**
 * Reads the configuration above the first playbook, or above the working directory, and loads the plugins that it names
 * and those beside the playbooks. What is wrong with plugins is in `plugins.errors`.
 *
 * @param how.playbooks absolute, or from `how.cwd`
 * @param how.browse those of the working directory and of its roles too, for who asks what there is
 * @throws XrunError and XrunErrors E_CONFIG
 */
export async function openProject(how: {
  playbooks: readonly string[];
  cwd: string;
  browse?: boolean;
}): Promise<Project> {
  const shown = shownFrom(how.cwd);
  const directories = [...new Set(how.playbooks.map((file) => dirname(resolve(how.cwd, file))))];
  const config = await projectConfig(how);
  const plugins = new Plugins(shown);
  if (config) await addNamed(plugins, config);
  const base = config ? dirname(config.file) : how.cwd;
  for (const directory of how.browse ? browsed(how.cwd, base) : directories) await plugins.addFolders(directory);
  return {
    plugins,
    inventories: (config?.options.get('inventory')?.value ?? []) as string[],
    rolesPath: (config?.roles ?? []).map(({ text }) => resolve(base, text)),
  };
}

/** The configuration above the first playbook, or above the working directory. Throws as {@link findConfig} does. */
export function projectConfig(how: { playbooks: readonly string[]; cwd: string }): Promise<Config | undefined> {
  const [first] = how.playbooks;
  const playbook = first === undefined ? undefined : resolve(how.cwd, first);
  return findConfig(playbook === undefined ? resolve(how.cwd) : dirname(playbook), shownFrom(how.cwd), playbook);
}

/** Where the plugins for `cwd` are: beside playbooks, which may lie in a folder of their own, and in roles. */
function browsed(cwd: string, base: string): string[] {
  const tops = [...new Set([cwd, base])].flatMap((directory) => [directory, join(directory, 'playbooks')]);
  return tops.flatMap((directory) => [directory, ...foldersIn(join(directory, 'roles'))]);
}

function foldersIn(directory: string): string[] {
  return existsSync(directory)
    ? readdirSync(directory)
        .sort()
        .map((name) => join(directory, name))
    : [];
}

/** Files by their paths, packages by their names. */
async function addNamed(plugins: Plugins, config: Config): Promise<void> {
  for (const { text: name, at } of config.plugins) {
    const file = await fileOf(name, config.file);
    if (file !== undefined) await plugins.addFile(file);
    else
      plugins.errors.push(
        new XrunError('E_PLUGIN', `there is no plugin '${name}'`, {
          at,
          hint: isPath(name)
            ? `Looked for ${join(dirname(config.file), name)}.`
            : `Run \`npm install ${name}\` in ${dirname(config.file)}.`,
        }),
      );
  }
}

async function fileOf(name: string, config: string): Promise<string | undefined> {
  const path = resolve(dirname(config), name);
  if (isPath(name)) return existsSync(path) ? path : undefined;
  return (await import('./import-file.ts')).resolvePackage(name, config);
}

function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || isAbsolute(name);
}

function shownFrom(cwd: string): (file: string) => string {
  return (file) => {
    const short = relative(cwd, file);
    return short.startsWith('..') || isAbsolute(short) ? file : short;
  };
}

/** Throws what is wrong with the plugins of a project. */
export function refuseFaulty({ plugins: { errors } }: Project): void {
  if (errors.length > 0) throw errors.length === 1 ? errors[0]! : new XrunErrors(errors);
}
