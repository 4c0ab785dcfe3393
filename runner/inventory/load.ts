import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import { assemble } from './assemble.ts';
import { Draft, inventoryError } from './draft.ts';
import { readIni } from './sources/ini-source.ts';
import { readScript } from './sources/script-source.ts';
import type { Inventory } from '../model/inventory.ts';
import { readText } from './sources/vars-files.ts';
import type { OpenVault } from './sources/vars-files.ts';
import { readYaml } from './sources/yaml-source.ts';

/** How inventories are loaded. */
export interface LoadOptions {
  /** What relative sources are relative to, absolute. */
  cwd: string;
  /** Directories of the playbooks: `group_vars` and `host_vars` in them are stronger than those beside inventories. */
  playbookDirs?: readonly string[];
  /** Opens files that a vault encrypted. */
  openVault?: OpenVault;
}

/** Endings that are not inventories though they lie in a directory of them. */
const ignored = /^\.|~$|\.(bak|orig|swp|retry|md|txt|rst|cfg|pyc|py[co]|hbs|pem|pub|key)$/;

/**
 * Loads and joins inventories: YAML, INI, JSON, executables, directories of these, and `host,host` lists. Without
 * sources it is empty; localhost is there all the same (see `select`).
 *
 * @throws XrunError E_INVENTORY, E_YAML, E_VAULT; XrunErrors for several
 */
export async function loadInventory(sources: readonly string[], options: LoadOptions): Promise<Inventory> {
  const draft = new Draft(options.cwd);
  const directories = new Set<string>();
  const paths: string[] = [];
  for (const source of sources) {
    const path = await readSource(source, options, draft);
    paths.push(path ?? join(options.cwd, source));
    directories.add(path === undefined ? options.cwd : (await isDirectory(path)) ? path : dirname(path));
  }
  draft.check();
  if (sources.length > 0 && draft.hosts.size === 0) {
    throw inventoryError(
      `no host in ${sources.join(', ')}`,
      paths[0] === undefined ? undefined : { file: draft.shown(paths[0]), line: 1, col: 1 },
      'Add `hosts:` to a group.',
    );
  }
  const playbook = [...new Set(options.playbookDirs ?? [])].filter((directory) => !directories.has(directory));
  return assemble(draft, { inventory: [...directories], playbook }, paths, options.openVault ?? noVault);
}

/** Reads one `-i`; returns its absolute path, or undefined for a list of hosts. */
async function readSource(source: string, { cwd, openVault }: LoadOptions, draft: Draft): Promise<string | undefined> {
  const path = resolve(cwd, source);
  if (source.includes(',') && !(await exists(path))) {
    for (const host of source
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean))
      draft.addHosts(host, 'ungrouped', {});
    return undefined;
  }
  if (!(await exists(path))) {
    throw inventoryError(
      `there is no inventory ${source}`,
      undefined,
      `A list of hosts needs a comma: \`-i ${source},\`.`,
    );
  }
  await readPath(path, draft, openVault ?? noVault);
  return path;
}

async function readPath(path: string, draft: Draft, openVault: OpenVault): Promise<void> {
  if (await isDirectory(path)) return readDirectory(path, draft, openVault);
  if (await isExecutable(path)) return readScript(path, draft);
  const shown = draft.shown(path);
  const written = await readText(path, shown);
  const text = written.startsWith('$ANSIBLE_VAULT;') ? openVault(written, shown) : written;
  if (looksLikeYaml(path, text)) readYaml(text, shown, draft);
  else readIni(text, shown, draft);
}

/** All inventories in a directory, by the alphabet; later ones are stronger. */
async function readDirectory(directory: string, draft: Draft, openVault: OpenVault): Promise<void> {
  for (const name of (await readdir(directory)).toSorted()) {
    if (ignored.test(name) || name === 'group_vars' || name === 'host_vars') continue;
    await readPath(join(directory, name), draft, openVault);
  }
}

function looksLikeYaml(path: string, text: string): boolean {
  const ending = extname(path);
  if (['.yml', '.yaml', '.json'].includes(ending)) return true;
  if (ending === '.ini') return false;
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? '';
  return /^(---|\{)|^["']?[\w.-]+["']?:(\s|$)/.test(first);
}

/** An executable file with an ending of data is data that lost its mode on the way (from Windows, say). */
async function isExecutable(path: string): Promise<boolean> {
  if (['.yml', '.yaml', '.json', '.ini'].includes(extname(path))) return false;
  return access(path, constants.X_OK).then(
    async () => ((await stat(path)).mode & 0o111) !== 0,
    () => false,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function noVault(_text: string, file: string): never {
  throw new XrunError('E_VAULT', `${file} is encrypted and no vault password was given`, {
    at: { file, line: 1, col: 1 },
    hint: 'Give `--vault-password-file FILE`.',
  });
}
