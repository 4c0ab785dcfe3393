import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { XrunError } from '../errors.ts';
import { loadYaml } from '../yaml/load.ts';
import { positionOf } from '../yaml/positions.ts';
import { textOf } from '../yaml/utf8.ts';
import { kindOf } from '../vars/undefined.ts';
import { inventoryError } from './draft.ts';
import type { Sourced } from './types.ts';

/** Opens a file that a vault encrypted; throws E_VAULT. */
export type OpenVault = (text: string, file: string) => string;

const endings = ['', '.yml', '.yaml', '.json'];

/** The variables files of one `group_vars` or `host_vars` directory, by the name they are for. */
export type VarsFiles = Map<string, string[]>;

/** Finds the files of a `group_vars` or `host_vars` directory; empty where there is none. */
export async function findVarsFiles(directory: string): Promise<VarsFiles> {
  const files: VarsFiles = new Map();
  for (const entry of await listing(directory)) {
    const path = join(directory, entry);
    const isDirectory = (await stat(path)).isDirectory();
    const ending = isDirectory ? '' : extname(entry);
    const name = endings.includes(ending) ? entry.slice(0, entry.length - ending.length) : entry;
    files.set(name, [...(files.get(name) ?? []), ...(isDirectory ? await filesBelow(path) : [path])]);
  }
  return files;
}

/**
 * Reads a file of variables: each name with its value and place.
 *
 * @param shown the file's name in positions
 * @param origin how explanations call it
 */
export async function readVarsFile(file: string, shown: string, origin: string, open: OpenVault): Promise<[name: string, Sourced][]> {
  const vars = parseVars(await readText(file, shown), shown, open);
  return Object.entries(vars).map(([name, value]) => {
    const at = positionOf(vars, name);
    return [name, { value, origin, ...(at && { at }) }];
  });
}

/** A file's text. Throws E_INVENTORY where it cannot be read, E_YAML where it is no UTF-8. */
export async function readText(file: string, shown: string): Promise<string> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw inventoryError(`${file} cannot be read: ${error.message}`, undefined, undefined, error);
  });
  return textOf(bytes, shown);
}

function parseVars(written: string, file: string, open: OpenVault): Record<string, unknown> {
  const text = written.startsWith('$ANSIBLE_VAULT;') ? open(written, file) : written;
  const { value, at } = loadYaml(text, file);
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new XrunError('E_INVENTORY', `a file of variables is a mapping, found a ${kindOf(value)}`, { at, hint: 'write name: value' });
}

async function listing(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !/^\.|~$|\.(bak|orig|swp|retry|md|txt)$/.test(name)).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw inventoryError(`${directory} cannot be read: ${(error as Error).message}`, undefined, undefined, error);
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await listing(directory)) {
    const path = join(directory, entry);
    if ((await stat(path)).isDirectory()) found.push(...(await filesBelow(path)));
    else if (endings.includes(extname(entry))) found.push(path);
  }
  return found;
}
